package io.lb4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README says is what is compiled, run and checked. */
class ReadmeTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern MARKED = Pattern.compile("// README\\n(.*?)\\n\\s*// end", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    private final String readme = read("README.md");

    @Test
    void itsJavaIsTheQuickStart() {
        List<String> blocks = blocks("java");
        assertEquals(1, blocks.size());
        String compiled = MARKED.matcher(read("lb-examples/src/main/java/io/lb4j/examples/QuickStart.java"))
                .results()
                .map(marked -> marked.group(1))
                .collect(Collectors.joining("\n"));
        assertEquals(withoutLayout(compiled), withoutLayout(blocks.get(0)));
    }

    private static String withoutLayout(String code) {
        return code.replaceAll("\\s+", " ").replaceAll(" ?\\. ?", ".").strip();
    }

    @Test
    void itsCommandsAreThoseOfTheChecks() {
        List<String> commands = new ArrayList<>();
        blocks("sh").forEach(block -> block.lines().forEach(commands::add));
        assertFalse(commands.isEmpty());
        List<String> checks = read(".ci/run").lines().map(ReadmeTest::words).toList();
        for (String command : commands) {
            assertTrue(checks.contains(words(command)), () -> command + " is not in .ci/run");
        }
    }

    /** The command without the flags that only quieten Maven, and without other settings of the demo. */
    private static String words(String command) {
        return command.replaceAll(" (-B|-ntp|-Ddemo.seconds=\\S+)\\b", "").strip();
    }

    @Test
    void itsDependencyIsWhatTheBuildMakes() {
        String pom = read("pom.xml");
        String version = firstGroup("<version>([^<]+)</version>", pom);
        assertTrue(readme.contains("<version>" + version + "</version>"), version);
        String okhttp = firstGroup("<okhttp.version>([^<]+)</okhttp.version>", pom);
        assertTrue(readme.contains("<version>" + okhttp + "</version>"), okhttp);
    }

    @Test
    void itsLinksLeadSomewhere() {
        for (MatchResult link : LINK.matcher(readme).results().toList()) {
            assertTrue(Files.exists(PROJECT.resolve(link.group(1))), link::group);
        }
    }

    private List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String firstGroup(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }

    private static String read(String file) {
        try {
            return Files.readString(PROJECT.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
    }
}
