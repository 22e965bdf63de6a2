package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import io.lb4j.hash.ConsistentHash;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/algorithms.md describes the algorithms that there are, each of them, and no others. */
class AlgorithmsDocumentTest {
    private static final Pattern CALL = Pattern.compile("\\b([a-z]\\w*)\\(");

    /** Described beside what they extend: a cost of one's own, and the order behind rendezvous. */
    private static final Set<String> WITHOUT_SECTION = Set.of("leastCost", "choices");

    private final String document = read();

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/algorithms.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> factories(Class<?>... types) {
        return Arrays.stream(types)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
                .map(method -> method.getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> calls(String text) {
        return CALL.matcher(text).results().map(call -> call.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private List<String> sections() {
        return Arrays.stream(document.split("\n(?=#{2,3} )"))
                .filter(section ->
                        section.startsWith("### ") && !calls(heading(section)).isEmpty())
                .toList();
    }

    private static String heading(String section) {
        return section.lines().findFirst().orElseThrow();
    }

    @Test
    void everyFactoryHasASectionAndEverySectionAFactory() {
        Set<String> expected = factories(Balancers.class, ConsistentHash.class);
        assertTrue(expected.size() > 20, expected::toString);
        expected.removeAll(WITHOUT_SECTION);
        assertEquals(
                expected,
                calls(String.join(
                        "\n",
                        sections().stream().map(AlgorithmsDocumentTest::heading).toList())));
    }

    @Test
    void everyFactoryIsShownAsCode() {
        for (String factory : factories(Balancers.class, ConsistentHash.class)) {
            assertTrue(calls(document).contains(factory), factory);
        }
    }

    @Test
    void everySectionSaysWhenAndWhenNotAtWhatCostAndFromWhere() {
        List<String> missing = new ArrayList<>();
        for (String section : sections()) {
            for (String point : List.of("**Use it**", "**Not**", "**Cost**", "**Source**")) {
                if (!section.contains("\n- " + point)) {
                    missing.add(heading(section) + ": " + point);
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void otherLoadBalancersNamesAreGivenForEach() {
        Matcher rows =
                Pattern.compile("\n\\| `(\\w+)` \\|(?=.*\\|.*\\|.*\\|.*\\|)").matcher(document);
        Set<String> named = rows.results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
        Set<String> expected = factories(Balancers.class);
        expected.removeAll(WITHOUT_SECTION);
        assertEquals(expected, named);
        for (String section : sections()) {
            if (factories(ConsistentHash.class).containsAll(calls(heading(section)))) {
                assertTrue(section.contains("\n- **Elsewhere**"), () -> heading(section));
            }
        }
    }
}
