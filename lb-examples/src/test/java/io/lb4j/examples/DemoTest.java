package io.lb4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.examples.demo.Comparison;
import io.lb4j.examples.demo.EndpointSummary;
import io.lb4j.examples.demo.RunSummary;
import io.lb4j.examples.demo.Scenario;
import io.lb4j.examples.demo.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("socket")
class DemoTest {
    private static final Scenario SHORT = Scenario.lasting(Duration.ofSeconds(2));
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void theSlowServerGetsLessFromLeastResponseTimeAndNothingIsLeft() throws Exception {
        Comparison comparison = Comparison.run(SHORT, Screen.plain(new PrintStream(new ByteArrayOutputStream())));

        RunSummary roundRobin = comparison.first();
        RunSummary leastResponseTime = comparison.second();
        assertEquals(roundRobin.calls(), leastResponseTime.calls(), "both get the same calls");
        assertAddsUp(roundRobin);
        assertAddsUp(leastResponseTime);
        assertTrue(roundRobin.endpoint("failing").ejections() > 0, roundRobin::toString);
        assertTrue(
                leastResponseTime.endpoint("slow").share()
                        < roundRobin.endpoint("slow").share(),
                () -> "share of the slow server: " + comparison);
        Leftovers.assertNone(roundRobin.ports());
        Leftovers.assertNone(leastResponseTime.ports());
    }

    private static void assertAddsUp(RunSummary run) {
        assertTrue(run.calls() > 500, run::toString);
        assertTrue(run.errors() < run.calls() / 10, run::toString);
        assertTrue(run.attempts() >= run.calls(), run::toString);
        assertTrue(run.endpoints().stream().allMatch(endpoint -> endpoint.calls() > 0), run::toString);
        assertTrue(run.endpoint("failing").failedAttempts() > 0, run::toString);
        int onEndpoints =
                run.endpoints().stream().mapToInt(EndpointSummary::calls).sum();
        assertEquals(run.calls(), onEndpoints, "calls that ended nowhere: " + run);
    }

    @Test
    void anInterruptEndsItAndNothingIsLeft() throws InterruptedException {
        PrintStream interrupting = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                if (line.contains("begins to answer 503")) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        assertThrows(InterruptedException.class, () -> Comparison.run(SHORT, Screen.plain(interrupting)));
        assertFalse(Thread.interrupted());
        Leftovers.assertNone(List.of());
    }

    @Test
    void theProcessEndsByItselfWithStatus0AndPlainLines() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Ddemo.seconds=2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Demo.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still runs");
        } finally {
            demo.destroyForcibly();
        }
        String text = Files.readString(output);
        assertEquals(0, demo.exitValue(), text);
        assertFalse(text.contains("\033"), text);
        assertFalse(text.contains("\r"), text);
        for (String expected : List.of("round robin", "least response time", "slow", "p99", "ejected", "1. ", "3. ")) {
            assertTrue(text.contains(expected), () -> expected + " is missing in\n" + text);
        }
    }
}
