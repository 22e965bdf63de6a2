package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class SlowStartTest {
    private static double factor(Bench bench, String id) {
        return bench.node(id).slowStart(bench.time.nanoTime());
    }

    @Test
    void aNodeThatJoinsWarmPeersRampsFromTenPercentInTenSeconds() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.deliver("a", "b", "c");
            assertEquals(0.1, factor(bench, "c"), 1e-9);
            bench.advance(5_000);
            assertEquals(0.5, factor(bench, "c"), 1e-9);
            bench.advance(5_000);
            assertEquals(1, factor(bench, "c"), 1e-9);
            assertEquals(1, factor(bench, "a"), 1e-9);
        }
    }

    @Test
    void theWeightOfASetIsLessOnlyWhileANodeRamps() {
        try (Bench bench = Bench.with("a", "b")) {
            assertFalse(bench.balancer.nodes().hasSlowStart(bench.time.nanoTime()));
            bench.deliver("a", "b", "c");
            assertTrue(bench.balancer.nodes().hasSlowStart(bench.time.nanoTime()));
            assertEquals(0.1, bench.balancer.nodes().effectiveWeight(2, bench.time.nanoTime()), 1e-9);
            assertEquals(1, bench.balancer.nodes().effectiveWeight(0, bench.time.nanoTime()), 1e-9);
            bench.advance(5_000);
            bench.deliver("a", "b", "c", "d");
            bench.advance(5_000);
            assertEquals(1, bench.balancer.nodes().effectiveWeight(2, bench.time.nanoTime()), 1e-9);
            assertEquals(0.5, bench.balancer.nodes().effectiveWeight(3, bench.time.nanoTime()), 1e-9);
            bench.advance(5_000);
            assertFalse(bench.balancer.nodes().hasSlowStart(bench.time.nanoTime()));
            assertEquals(1, bench.balancer.nodes().effectiveWeight(3, bench.time.nanoTime()));
        }
    }

    /** Envoy floors the time at one second in these vectors; the factor at 0 s is the least one here. */
    @ParameterizedTest
    @CsvFileSource(resources = "/vectors/slow_start.csv", numLinesToSkip = 2)
    void theCurveIsEnvoys(int window, double aggression, double least, long elapsed, double factor) {
        try (Bench bench =
                Bench.with(builder -> builder.slowStart(Duration.ofSeconds(window), least, aggression), "a")) {
            bench.deliver("a", "b");
            bench.advance(elapsed * 1_000);
            assertEquals(elapsed == 0 ? least : factor, factor(bench, "b"), 1e-9);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 7", "1, 13", "2, 25", "3, 32", "4, 44", "5, 57", "6, 63", "7, 75", "8, 82", "9, 94", "10, 100"})
    void theStraightLineIsHaproxysWithinAStep(long seconds, double percent) {
        try (Bench bench = Bench.with(builder -> builder.slowStart(Duration.ofSeconds(10), 0.0625), "a")) {
            bench.deliver("a", "b");
            bench.advance(seconds * 1_000);
            assertEquals(percent, factor(bench, "b") * 100, 7); // a step of a sixteenth, rounded up
        }
    }

    @Test
    void aWholeColdPoolDoesNotRamp() {
        try (Bench bench = Bench.with("a", "b")) {
            assertEquals(1, factor(bench, "a"));
            bench.deliver("x", "y");
            assertEquals(1, factor(bench, "x"), "nobody warm has stayed");
        }
    }

    @Test
    void withoutARampTheFullWeightCountsAtOnce() {
        try (Bench bench = Bench.with(builder -> builder.slowStart(Duration.ZERO, 0.1), "a")) {
            bench.deliver("a", "b");
            assertEquals(1, factor(bench, "b"));
            assertFalse(bench.balancer.nodes().hasSlowStart(bench.time.nanoTime() - 1), "whatever time the caller has");
        }
    }

    @Test
    void aRampChangesTheEffectiveWeightAndNotTheWeight() {
        try (Bench bench = Bench.with("a")) {
            bench.source.set(Bench.endpoint("a"), Bench.endpoint("b").withWeight(4));
            NodeSet all = bench.balancer.nodes();
            bench.advance(2_500);
            assertEquals(4, all.weight(1));
            assertEquals(1, all.effectiveWeight(1, bench.time.nanoTime()), 1e-9);
        }
    }

    @Test
    void algorithmsArePreparedAgainInAtMostTenStepsPerRamp() {
        List<Double> seen = new ArrayList<>();
        Balancer watching = new Balancer() {
            @Override
            public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return candidates.get(0);
            }

            @Override
            public Balancer prepare(NodeSet candidates) {
                int last = candidates.size() - 1;
                seen.add(candidates.effectiveWeight(last, candidates.nanoTime()));
                return this;
            }
        };
        try (Bench bench = new Bench(builder -> builder, MutableEndpointSource.of(Bench.endpoint("a")), watching)) {
            bench.deliver("a", "b");
            seen.clear();
            bench.advance(30_000);
            assertTrue(seen.size() >= 9 && seen.size() <= 12, "prepared " + seen);
            assertEquals(1, seen.get(seen.size() - 1), "the last step is the full weight");
            assertEquals(0, bench.time.waiting(), "nothing is due when the ramp is over");
        }
    }
}
