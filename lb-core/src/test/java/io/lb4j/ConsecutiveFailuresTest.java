package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ConsecutiveFailuresTest {
    private static Bench bench(UnaryOperator<ConsecutiveFailures.Builder> settings) {
        HealthTracker tracker =
                settings.apply(ConsecutiveFailures.builder().jitter(1)).build();
        return Bench.with(builder -> builder.healthTracker(tracker), "a", "b", "c");
    }

    private static Node.State after(Bench bench, Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            try (Lease lease = bench.node("a").acquire()) {
                lease.report(outcome);
            }
        }
        return bench.node("a").state();
    }

    @Test
    void aKindWithAThresholdOfItsOwnIsCountedApart() {
        try (Bench bench = bench(settings -> settings.failures(4).failures(2, Outcome.UNREACHABLE))) {
            assertEquals(
                    Node.State.UP,
                    after(bench, Outcome.FAILURE, Outcome.TIMED_OUT, Outcome.FAILURE, Outcome.UNREACHABLE));
            assertEquals(Node.State.EJECTED, after(bench, Outcome.UNREACHABLE));
            assertEquals(
                    "2 failures in a row, the last UNREACHABLE", bench.node("a").reason());
        }
    }

    @Test
    void failuresOfAnotherKindInBetweenDoNotSetACountBack() {
        try (Bench bench = bench(settings -> settings.failures(3).failures(2, Outcome.UNREACHABLE))) {
            assertEquals(
                    Node.State.EJECTED,
                    after(bench, Outcome.FAILURE, Outcome.UNREACHABLE, Outcome.FAILURE, Outcome.FAILURE));
        }
    }

    @Test
    void aSuccessSetsEveryCountBack() {
        try (Bench bench = bench(settings -> settings.failures(2).failures(2, Outcome.UNREACHABLE))) {
            assertEquals(
                    Node.State.UP,
                    after(
                            bench,
                            Outcome.FAILURE,
                            Outcome.UNREACHABLE,
                            Outcome.SUCCESS,
                            Outcome.FAILURE,
                            Outcome.UNREACHABLE));
        }
    }

    @Test
    void kindsOfOneGroupAreCountedTogether() {
        try (Bench bench =
                bench(settings -> settings.failures(9).failures(2, Outcome.UNREACHABLE, Outcome.UNTRUSTED))) {
            assertEquals(Node.State.EJECTED, after(bench, Outcome.UNREACHABLE, Outcome.UNTRUSTED));
        }
    }

    @Test
    void ignoredKindsEjectNobodyAndInterruptNothing() {
        try (Bench bench = bench(settings -> settings.failures(2).ignore(Outcome.OVERLOADED, Outcome.TIMED_OUT))) {
            assertEquals(
                    Node.State.UP,
                    after(bench, Outcome.OVERLOADED, Outcome.TIMED_OUT, Outcome.OVERLOADED, Outcome.FAILURE));
            assertEquals(Node.State.EJECTED, after(bench, Outcome.OVERLOADED, Outcome.FAILURE));
        }
    }

    /** HAProxy's observe: three in a row with a limit of three; two, a success and two are not. */
    @Test
    void threeInARowEjectWhereTheLimitIsThree() {
        try (Bench bench = bench(settings -> settings.failures(3))) {
            assertEquals(
                    Node.State.UP,
                    after(bench, Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS, Outcome.FAILURE, Outcome.FAILURE));
            assertEquals(Node.State.EJECTED, after(bench, Outcome.FAILURE));
        }
    }

    @Test
    void onlyFailuresCanBeCounted() {
        ConsecutiveFailures.Builder builder = ConsecutiveFailures.builder();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> builder.failures(2, Outcome.CANCELLED));
        assertEquals("outcome: CANCELLED (expected: a failure)", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.ignore(Outcome.SUCCESS));
        assertThrows(IllegalArgumentException.class, () -> builder.failures(0, Outcome.FAILURE));
    }
}
