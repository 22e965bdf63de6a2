package io.lb4j.okhttp.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Outcome;
import io.lb4j.okhttp.RateLimitedException;
import io.lb4j.okhttp.ThrottledException;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveThrottlingTest {
    private static final Request REQUEST =
            new Request.Builder().url("http://orders.test/").build();
    private static final Request CRITICAL =
            REQUEST.newBuilder().header("X-Criticality", "critical").build();

    private final VirtualTime time = new VirtualTime();
    private final Deque<Double> random = new ArrayDeque<>();
    private final AdaptiveThrottling standard = AdaptiveThrottling.standard(time, random::removeFirst);

    private static void ended(AdaptiveThrottling throttling, Outcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            throttling.ended(REQUEST, outcome);
        }
    }

    /** retry_budget.json of the reference vectors, after the formula of the book. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 2, 0",
        "10, 10, 2, 0",
        "10, 5, 2, 0",
        "10, 4, 2, 0.18181818181818182",
        "10, 0, 2, 0.9090909090909091",
        "100, 10, 2, 0.7920792079207921",
        "1000, 0, 2, 0.999000999000999",
        "100, 50, 1.1, 0.4455445544554455",
        "100, 80, 1.1, 0.1188118811881188"
    })
    void probabilityIsThatOfTheBook(int requests, int accepts, double multiplier, double probability) {
        AdaptiveThrottling throttling = standard.withMultiplier(multiplier);
        ended(throttling, Outcome.SUCCESS, accepts);
        ended(throttling, Outcome.OVERLOADED, requests - accepts);
        assertEquals(requests, throttling.requests());
        assertEquals(accepts, throttling.accepts());
        assertEquals(probability, throttling.rejectionProbability(), 1e-12);
    }

    @Test
    void callIsRefusedIfTheDieFallsBelowTheProbability() throws Exception {
        ended(standard, Outcome.SUCCESS, 4);
        ended(standard, Outcome.FAILURE, 6);
        random.addAll(List.of(0.1819, 0.1818));
        assertEquals(0, standard.reserve(REQUEST));
        ThrottledException refused = assertThrows(ThrottledException.class, () -> standard.reserve(REQUEST));
        assertEquals("adaptive throttling: orders.test accepted 4 of 11 calls within PT2M", refused.getMessage());
        assertTrue(RateLimitedException.class.isInstance(refused));
        assertEquals(3.0 / 12, standard.rejectionProbability(), 1e-12);
    }

    @Test
    void noDieIsCastWhileTheServiceIsWell() throws Exception {
        ended(standard, Outcome.SUCCESS, 50);
        ended(standard, Outcome.FAILURE, 50);
        assertEquals(0, standard.reserve(REQUEST));
    }

    @Test
    void everyKindOfFailureIsARequestNotAcceptedAndACancelIsNone() {
        for (Outcome outcome : Outcome.values()) {
            standard.ended(REQUEST, outcome);
        }
        assertEquals(Outcome.values().length - 1, standard.requests());
        assertEquals(1, standard.accepts());
    }

    @Test
    void criticalRequestsPassAndAreCounted() throws Exception {
        AdaptiveThrottling throttling = AdaptiveThrottling.standard(time, () -> 0)
                .withCritical(request -> "critical".equals(request.header("X-Criticality")));
        ended(throttling, Outcome.OVERLOADED, 100);
        assertEquals(0, throttling.reserve(CRITICAL));
        assertThrows(ThrottledException.class, () -> throttling.reserve(REQUEST));
        throttling.ended(CRITICAL, Outcome.OVERLOADED);
        assertEquals(102, throttling.requests());
    }

    @Test
    void countsAreForgottenAfterTheWindow() {
        ended(standard, Outcome.OVERLOADED, 100);
        time.advance(Duration.ofSeconds(119));
        assertEquals(100, standard.requests());
        ended(standard, Outcome.SUCCESS, 1);
        time.advance(Duration.ofSeconds(4));
        assertEquals(1, standard.requests());
        assertEquals(0, standard.rejectionProbability());
        time.advance(Duration.ofDays(1000));
        assertEquals(0, standard.requests());
    }

    /** A service that accepts 20 of 200 calls a second is asked for about K times as many as it accepts. */
    @Test
    void serversAreAskedForAboutTwiceWhatTheyAccept() {
        Random dice = new Random(3);
        AdaptiveThrottling throttling = AdaptiveThrottling.standard(time, dice::nextDouble);
        int asked = 0;
        for (int second = 0; second < 360; second++) {
            int now = second(throttling, 200, 20);
            asked += second < 240 ? 0 : now; // two windows until it has settled
        }
        double average = asked / 120.0;
        assertTrue(average > 34 && average < 46, "asked " + average);
        for (int second = 0; second < 240; second++) {
            asked = second(throttling, 200, 200);
        }
        assertEquals(200, asked);
    }

    /** Returns how many of the calls were let through. */
    private int second(AdaptiveThrottling throttling, int calls, int capacity) {
        int asked = 0;
        int refused = 0;
        for (int i = 0; i < calls; i++) {
            time.advance(Duration.ofNanos(1_000_000_000L / calls));
            try {
                long ignored = throttling.reserve(REQUEST);
                throttling.ended(REQUEST, asked++ < capacity ? Outcome.SUCCESS : Outcome.OVERLOADED);
            } catch (RateLimitedException e) {
                refused++;
            }
        }
        assertEquals(calls, asked + refused);
        return asked;
    }

    @Test
    void nonsenseIsRefusedInClearWords() {
        assertEquals(
                "multiplier: 0.5 (expected: 1 to 100)",
                assertThrows(IllegalArgumentException.class, () -> standard.withMultiplier(0.5))
                        .getMessage());
        assertEquals(
                "window: PT0.1S (expected: PT1S to PT1H)",
                assertThrows(IllegalArgumentException.class, () -> standard.withWindow(Duration.ofMillis(100)))
                        .getMessage());
        assertThrows(NullPointerException.class, () -> standard.withCritical(null));
    }
}
