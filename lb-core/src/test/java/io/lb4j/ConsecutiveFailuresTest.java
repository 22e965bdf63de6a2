package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.balance.Balancers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** NGINX's max_fails=3 and fail_timeout=3s. */
    private static Bench asInNginx(Balancer algorithm) {
        HealthTracker tracker = ConsecutiveFailures.builder()
                .failures(3)
                .ejection(Duration.ofSeconds(3), Duration.ofSeconds(3))
                .jitter(1)
                .build();
        return new Bench(
                builder -> builder.healthTracker(tracker),
                MutableEndpointSource.of(Bench.endpoints("dead", "good")),
                algorithm);
    }

    /** Whether a request tries the dead server; if so, and it may, it goes on to the other one. */
    private static boolean triesTheDead(Bench bench, boolean retries) {
        Node tried;
        boolean dead;
        try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
            tried = lease.node();
            dead = tried.endpoint().id().equals("dead");
            lease.report(dead ? Outcome.UNREACHABLE : Outcome.SUCCESS);
        }
        if (dead && retries) {
            try (Lease second = bench.balancer.acquire(excluding(tried))) {
                assertEquals("good", second.endpoint().id());
                second.report(Outcome.SUCCESS);
            }
        }
        return dead;
    }

    private static RequestContext excluding(Node node) {
        return new RequestContext() {
            @Override
            public boolean hasExclusions() {
                return true;
            }

            @Override
            public boolean excludes(Node candidate) {
                return candidate == node;
            }
        };
    }

    @Test
    void aDeadServerIsTriedThreeTimesAndThenOncePerHold() {
        List<Long> tries = new ArrayList<>();
        try (Bench bench = asInNginx(Bench.FIRST)) {
            for (int i = 0; i < 100; i++) {
                if (triesTheDead(bench, false)) {
                    tries.add(bench.time.nanoTime() / 1_000_000);
                }
                bench.advance(100);
            }
        }
        assertEquals(List.of(0L, 100L, 200L, 3_200L, 6_200L, 9_200L), tries);
    }

    /** NGINX 1.22.1 with one worker: 1, 3, 5. There a retry takes nobody's turn, here it takes the next one. */
    @ParameterizedTest(name = "with retries: {0}")
    @CsvSource({"false, 1 3 5", "true, 1 2 3"})
    void requestsThatTryADeadServerUntilItIsOut(boolean retries, String expected) {
        StringJoiner tries = new StringJoiner(" ");
        try (Bench bench = asInNginx(Balancers.weightedRoundRobin(() -> () -> 0))) {
            for (int request = 1; request <= 28; request++) {
                if (triesTheDead(bench, retries)) {
                    tries.add(String.valueOf(request));
                }
                bench.advance(100);
            }
        }
        assertEquals(expected, tries.toString());
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
