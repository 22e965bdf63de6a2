package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.health.HealthTrackers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnyOfTest {
    /** Ejects a node for a time that doubles, when told to with an outcome of its own. */
    private static ConsecutiveFailures reactingTo(Outcome outcome, int seconds) {
        ConsecutiveFailures.Builder builder = ConsecutiveFailures.builder()
                .jitter(1)
                .ejection(Duration.ofSeconds(seconds), Duration.ofSeconds(60))
                .failures(1_000)
                .failures(1, outcome);
        return builder.build();
    }

    private static Bench bench(HealthTracker... parts) {
        return Bench.with(builder -> builder.healthTracker(HealthTrackers.anyOf(parts)), "a", "b", "c");
    }

    private static void report(Bench bench, Outcome outcome) {
        try (Lease lease = bench.node("a").acquire()) {
            lease.report(outcome);
        }
    }

    private static void trial(Bench bench, Outcome outcome) {
        try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
            assertTrue(lease.isTrial());
            lease.report(outcome);
        }
    }

    @Test
    void eachPartMayEject() {
        for (Outcome outcome : List.of(Outcome.UNREACHABLE, Outcome.UNTRUSTED)) {
            try (Bench bench = bench(reactingTo(Outcome.UNREACHABLE, 1), reactingTo(Outcome.UNTRUSTED, 2))) {
                report(bench, outcome);
                assertEquals(Node.State.EJECTED, bench.node("a").state());
                bench.advance(2_050);
                trial(bench, Outcome.SUCCESS);
                assertEquals(Node.State.UP, bench.node("a").state());
            }
        }
    }

    @Test
    void aTrialIsDecidedByThePartThatEjected() {
        try (Bench bench = bench(reactingTo(Outcome.UNREACHABLE, 1), reactingTo(Outcome.UNTRUSTED, 8))) {
            report(bench, Outcome.UNREACHABLE);
            bench.advance(1_050);
            trial(bench, Outcome.UNTRUSTED);
            bench.advance(1_950);
            assertEquals(Node.State.EJECTED, bench.node("a").state(), "twice the first part's second");
            bench.advance(100);
            trial(bench, Outcome.SUCCESS);
            assertEquals(Node.State.UP, bench.node("a").state());
            report(bench, Outcome.UNTRUSTED);
            bench.advance(7_900);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.advance(200);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state(), "the second part's first ejection");
        }
    }

    @Test
    void anEjectionThatNoPartOrderedIsUndoneByItsTrialAllTheSame() {
        try (Bench bench = bench(HealthTracker.none(), reactingTo(Outcome.UNTRUSTED, 8))) {
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(lease.overloaded(Duration.ofSeconds(3)));
            }
            bench.advance(3_050);
            trial(bench, Outcome.FAILURE);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.advance(3_050);
            trial(bench, Outcome.SUCCESS);
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    /** Notes when it ticks, in ms. */
    private static final class Ticking implements HealthTracker {
        final List<Long> ticks = new ArrayList<>();
        private final Duration interval;

        Ticking(long millis) {
            this.interval = Duration.ofMillis(millis);
        }

        @Override
        public NodeHealth track(Node node) {
            return (lease, outcome, nowNanos, control) -> {};
        }

        @Override
        public Duration tickInterval() {
            return interval;
        }

        @Override
        public void onTick(NodeSet all, long nowNanos, Control control) {
            ticks.add(nowNanos / 1_000_000);
            if (ticks.size() == 2) {
                control.eject(all.get(0), Duration.ofSeconds(1), "the second tick");
            }
        }
    }

    @Test
    void eachPartTicksAtItsOwnInterval() {
        Ticking quick = new Ticking(400);
        Ticking slow = new Ticking(1_000);
        try (Bench bench = bench(quick, HealthTracker.none(), slow)) {
            bench.advance(2_100);
            assertEquals(List.of(400L, 800L, 1_200L, 1_600L, 2_000L), quick.ticks);
            assertEquals(List.of(1_000L, 2_000L), slow.ticks);
        }
    }

    @Test
    void whatAPartEjectsAtATickIsTriedForThatPart() {
        try (Bench bench = bench(reactingTo(Outcome.UNREACHABLE, 8), new Ticking(100))) {
            bench.advance(250);
            assertTrue(bench.node("a").isEjected());
            bench.advance(1_000);
            trial(bench, Outcome.UNREACHABLE);
            bench.advance(1_050);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state(), "the same time again, by the engine");
        }
    }

    @Test
    void partsThatNeverTickCauseNoTicks() {
        try (Bench bench = bench(HealthTracker.none(), HealthTracker.consecutiveFailures())) {
            bench.advance(10_000);
            assertEquals(0, bench.time.waiting());
        }
    }

    /** Hands out permits and counts those that are out. */
    private static final class Permits implements HealthTracker {
        int left;
        private final int limit;

        Permits(int left, int limit) {
            this.left = left;
            this.limit = limit;
        }

        @Override
        public NodeHealth track(Node node) {
            return new NodeHealth() {
                @Override
                public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {}

                @Override
                public boolean admits(RequestContext request, long nowNanos) {
                    return left > 0 && left-- > 0;
                }

                @Override
                public void onReleased() {
                    left++;
                }

                @Override
                public int maxInFlight() {
                    return limit;
                }
            };
        }
    }

    @Test
    void allPartsMustAdmitAndARefusalGivesBackWhatTheOthersGave() {
        Permits plenty = new Permits(10, 9);
        Permits few = new Permits(1, 7);
        try (Bench bench = Bench.with(builder -> builder.healthTracker(HealthTrackers.anyOf(plenty, few)), "a")) {
            Lease first = bench.balancer.acquire(RequestContext.none());
            assertEquals(9, plenty.left);
            assertEquals(null, bench.balancer.tryAcquire(RequestContext.none()));
            assertEquals(9, plenty.left);
            first.close();
            assertEquals(10, plenty.left);
            assertEquals(1, few.left);
            assertEquals(7, first.node().maxInFlight(), "the lower limit holds");
        }
    }

    @Test
    void anyOfMayBePartOfAnyOf() {
        HealthTracker inner = HealthTrackers.anyOf(reactingTo(Outcome.UNTRUSTED, 2), HealthTracker.none());
        try (Bench bench = bench(HealthTracker.none(), inner)) {
            report(bench, Outcome.UNTRUSTED);
            bench.advance(2_050);
            trial(bench, Outcome.UNTRUSTED);
            bench.advance(3_900);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.advance(200);
            trial(bench, Outcome.SUCCESS);
            assertFalse(bench.node("a").isEjected());
        }
    }
}
