package io.lb4j.health;

import static io.lb4j.health.OutlierRuleTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private static List<MatchResult> vectors(String pattern) throws IOException {
        try (InputStream in = ConcurrencyLimitTest.class.getResourceAsStream("/vectors/concurrency_limits.json")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile(pattern).matcher(text).results().toList();
        }
    }

    @Test
    void gradient2GoesAsTheOriginalDoes() throws IOException {
        List<MatchResult> trace = vectors("\"rtt_ns\": ([\\d.]+),\\s*\"inflight\": (\\d+),"
                + "\\s*\"limit\": ([\\d.]+),\\s*\"long_rtt\": ([\\d.]+)");
        assertEquals(30, trace.size());
        Gradient2.Running estimate = (Gradient2.Running) Gradient2.standard().start();
        for (MatchResult step : trace) {
            estimate.onSample((long) Double.parseDouble(step.group(1)), Integer.parseInt(step.group(2)), false);
            assertEquals(Double.parseDouble(step.group(3)), estimate.exactLimit(), 1e-9, step.group());
            assertEquals(Double.parseDouble(step.group(4)), estimate.longRunNanos(), 1e-3, step.group());
        }
    }

    @Test
    void aimdGoesAsTheOriginalDoes() throws IOException {
        List<MatchResult> steps = vectors("\"limit\": (\\d+),\\s*\"inflight\": (\\d+),\\s*\"drop\": (\\w+),"
                + "(?:\\s*\"rtt_ms\": (\\d+),)?\\s*\"next\": (\\d+)");
        assertEquals(2, steps.size());
        for (MatchResult step : steps) {
            int limit = Integer.parseInt(step.group(1));
            ConcurrencyLimit.Estimate estimate =
                    Aimd.standard().withLimits(limit, 1, 200).start();
            long millis = step.group(4) == null ? 1 : Long.parseLong(step.group(4));
            estimate.onSample(millis * 1_000_000, Integer.parseInt(step.group(2)), Boolean.parseBoolean(step.group(3)));
            assertEquals(Integer.parseInt(step.group(5)), estimate.limit());
        }
    }

    @Test
    void aimdTakesALongWaitForADrop() {
        ConcurrencyLimit.Estimate estimate =
                Aimd.standard().withLimits(100, 1, 200).start();
        estimate.onSample(Duration.ofSeconds(5).toNanos(), 60, false);
        assertEquals(101, estimate.limit());
        estimate.onSample(Duration.ofSeconds(5).toNanos() + 1, 60, false);
        assertEquals(90, estimate.limit());
    }

    @Test
    void limitsStayWithinTheirBounds() {
        for (ConcurrencyLimit limit : List.of(
                Aimd.standard().withLimits(5, 3, 7), Gradient2.standard().withLimits(5, 3, 7))) {
            ConcurrencyLimit.Estimate estimate = limit.start();
            for (int i = 0; i < 50; i++) {
                estimate.onSample(1_000_000, 7, false);
            }
            assertEquals(7, estimate.limit(), limit.toString());
            for (int i = 0; i < 50; i++) {
                estimate.onSample(1_000_000_000, 7, true);
            }
            assertTrue(estimate.limit() >= 3 && estimate.limit() < 7, limit + ": " + estimate.limit());
        }
    }

    @Test
    void gradient2ForgetsASlowPastQuickly() {
        Gradient2.Running estimate = (Gradient2.Running) Gradient2.standard().start();
        for (int i = 0; i < 20; i++) {
            estimate.onSample(100_000_000, 20, false);
        }
        for (int i = 0; i < 60; i++) {
            estimate.onSample(10_000_000, 20, false);
        }
        assertTrue(estimate.longRunNanos() < 25e6, "long run " + estimate.longRunNanos());
    }

    @Test
    void badLimitsAreRefused() {
        assertRefused("least: 0 (expected: >= 1)", () -> Aimd.standard().withLimits(1, 0, 2));
        assertRefused("most: 4 (expected: >= 5)", () -> Gradient2.standard().withLimits(5, 5, 4));
        assertRefused(
                "initial: 9 (expected: 2 to 8)", () -> Gradient2.standard().withLimits(9, 2, 8));
        assertRefused("backOff: 0.4 (expected: 0.5 to 1.0)", () -> new Aimd(20, 20, 200, 0.4, Duration.ofSeconds(1)));
    }
}
