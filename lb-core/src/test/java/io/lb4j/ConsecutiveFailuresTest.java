package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** NGINX's max_fails=3 and fail_timeout=3s, with a server that is dead. */
    @Test
    void aDeadServerIsTriedThreeTimesAndThenOncePerHold() {
        HealthTracker tracker = ConsecutiveFailures.builder()
                .failures(3)
                .ejection(Duration.ofSeconds(3), Duration.ofSeconds(3))
                .jitter(1)
                .build();
        List<Long> tries = new ArrayList<>();
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker), "a", "b")) {
            for (int i = 0; i < 100; i++) {
                try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                    boolean dead = lease.endpoint().id().equals("a");
                    if (dead) {
                        tries.add(bench.time.nanoTime() / 1_000_000);
                    }
                    lease.report(dead ? Outcome.UNREACHABLE : Outcome.SUCCESS);
                }
                bench.advance(100);
            }
        }
        assertEquals(List.of(0L, 100L, 200L, 3_200L, 6_200L, 9_200L), tries);
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
