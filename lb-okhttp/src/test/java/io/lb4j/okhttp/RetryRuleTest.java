package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RetryRuleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static void refused(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }

    @Test
    void standardRuleWaitsForNothingAndHedgesNothing() {
        RetryRule rule = RetryRule.standard();
        assertEquals(-1, rule.retryAfterNanos(Duration.ZERO, 0));
        assertEquals(-1, rule.retryAfterNanos(SECOND, 0));
        assertEquals(0, rule.perTryMillis());
        assertFalse(rule.wantsRetry(500));
        assertEquals(0, rule.hedging().maxHedges());
    }

    @Test
    void eachSettingLeavesTheOthersAlone() {
        RetryRule rule = RetryRule.standard()
                .withStatuses("429, 520-529")
                .withPerTryTimeout(SECOND)
                .withRetryAfter(SECOND)
                .withHedging(HedgingPolicy.after(SECOND))
                .withTries(5)
                .withBudget(0.5, 7)
                .withBackOff(SECOND, SECOND)
                .withRepeatable(request -> true);
        assertTrue(rule.wantsRetry(429) && rule.wantsRetry(525) && !rule.wantsRetry(500));
        assertEquals(1000, rule.perTryMillis());
        assertEquals(SECOND.toNanos(), rule.retryAfterNanos(SECOND, 0));
        assertEquals(1, rule.hedging().maxHedges());
        assertEquals(5, rule.tries());
        assertEquals(0.5, rule.budgetRatio());
        assertEquals(7, rule.budgetPerSecond());
        assertEquals(SECOND.toNanos() / 2, rule.backOffNanos(1, 0.5));
    }

    /** As Envoy's rate_limited_retry_back_off: times 1 to 1.5. */
    @Test
    void retryAfterIsNeverCutShortAndNotAllComeBackAtOnce() {
        RetryRule rule = RetryRule.standard().withRetryAfter(Duration.ofSeconds(2));
        assertEquals(0, rule.retryAfterNanos(Duration.ZERO, 0.9));
        assertEquals(TimeUnit.SECONDS.toNanos(2), rule.retryAfterNanos(Duration.ofSeconds(2), 0));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(2500), rule.retryAfterNanos(Duration.ofSeconds(2), 0.5));
        assertEquals(-1, rule.retryAfterNanos(Duration.ofMillis(2001), 0));
    }

    @Test
    void nonsenseIsRefusedInClearWords() {
        RetryRule rule = RetryRule.standard();
        String form = "statuses from 100 to 599 or ranges of them, for instance \"200-299,304\"";
        refused("statuses: \"5xx\" (expected: " + form + ")", () -> rule.withStatuses("5xx"));
        refused("perTryTimeout: PT-1S (expected: 0 to 24 days)", () -> rule.withPerTryTimeout(SECOND.negated()));
        refused("longest Retry-After: PT-1S (expected: 0 to 24 days)", () -> rule.withRetryAfter(SECOND.negated()));
        refused("delay: PT0S (expected: > 0)", () -> HedgingPolicy.after(Duration.ZERO));
        refused("percentile: 0.3 (expected: 0.5 to 0.999)", () -> HedgingPolicy.afterPercentile(0.3));
        refused("percentile: NaN (expected: 0.5 to 0.999)", () -> HedgingPolicy.afterPercentile(Double.NaN));
        refused(
                "maxHedges: 0 (expected: 1 to 10)",
                () -> HedgingPolicy.after(SECOND).withMaxHedges(0));
        refused(
                "latest: PT0.001S (expected: at least the earliest, PT1S)",
                () -> HedgingPolicy.afterPercentile(0.9).withBounds(SECOND, Duration.ofMillis(1)));
        assertThrows(NullPointerException.class, () -> rule.withHedging(null));
        assertThrows(NullPointerException.class, () -> rule.withStatuses(null));
    }

    // ------------------------------------------------------------------------------------------ hedging

    @Test
    void fixedDelayNeedsNoSamples() {
        RecentLatencies none = new RecentLatencies(new VirtualTime());
        HedgingPolicy fixed = HedgingPolicy.after(SECOND).withBounds(SECOND, SECOND.multipliedBy(3));
        assertEquals(SECOND.toNanos(), fixed.delayNanos(none));
        assertEquals(0, HedgingPolicy.none().withMaxHedges(5).delayNanos(none));
        assertEquals(0, HedgingPolicy.none().withMaxHedges(5).maxHedges());
    }

    @Test
    void measuredDelayIsThePercentileWithinItsBounds() {
        RecentLatencies latencies = new RecentLatencies(new VirtualTime());
        HedgingPolicy policy =
                HedgingPolicy.afterPercentile(0.95).withBounds(Duration.ofMillis(10), Duration.ofMillis(40));
        assertEquals(0, policy.delayNanos(latencies));
        record(latencies, 1, 1000);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(10), policy.delayNanos(latencies));
        record(latencies, 30, 1000);
        long delay = policy.delayNanos(latencies);
        assertTrue(delay >= 30_000_000 && delay <= 32_000_000, "delay " + delay);
        record(latencies, 300, 10_000);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(40), policy.delayNanos(latencies));
    }

    private static void record(RecentLatencies latencies, long millis, int times) {
        for (int i = 0; i < times; i++) {
            latencies.record(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
