package io.lb4j.peers;

import io.lb4j.Lease;
import io.lb4j.Node;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * What a comparison consists of besides the peer: LB4J's side and the floor, measured in the same run.
 *
 * <p>A comparison extends one of these and adds a benchmark {@code peer}. A pick is compared with a pick, and a whole
 * cycle, in which the outcome comes back, with a whole cycle.
 */
public final class Beside {
    private Beside() {}

    /** A pick beside {@code roundRobin}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class RoundRobin {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.RoundRobin ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Cursor floor) {
            return floor.next();
        }
    }

    /** A pick beside {@code weightedRoundRobin}, weights 1 to 10. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class WeightedRoundRobin {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.WeightedRoundRobin ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Cursor floor) {
            return floor.next();
        }
    }

    /** A pick beside {@code random}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class Random {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.Random ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Chance floor) {
            return floor.next();
        }
    }

    /** A pick beside {@code weightedRandom}, weights 1 to 10. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class WeightedRandom {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.WeightedRandom ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Chance floor) {
            return floor.next();
        }
    }

    /** A pick beside {@code leastRequests}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class LeastRequests {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.LeastRequests ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Chance floor) {
            return floor.next();
        }
    }

    /** A pick beside {@code powerOfTwoChoices}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class TwoChoices {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.TwoChoices ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Chance floor) {
            return floor.next();
        }
    }

    /** A pick beside {@code leastResponseTime}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class LeastResponseTime {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.LeastResponseTime ours) {
            return ours.pick();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Chance floor) {
            return floor.next();
        }
    }

    /** A pick by key beside {@code ringHash}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class RingHash {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.RingHash ours) {
            return ours.pickByKey();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Hash floor) {
            return floor.next();
        }
    }

    /** A pick by key beside {@code maglev}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class Maglev {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.Maglev ours) {
            return ours.pickByKey();
        }

        /** The floor. */
        @Benchmark
        public Object floor(Floors.Hash floor) {
            return floor.next();
        }
    }

    /** A whole cycle beside one with {@code leastRequests}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class LeastRequestsCycle {
        /** LB4J. */
        @Benchmark
        public Lease lb4j(Cycles.LeastRequests ours) {
            return ours.cycle();
        }

        /** The floor. */
        @Benchmark
        public long floor(Floors.Clock floor) {
            return floor.twice();
        }
    }

    /** A whole cycle beside one with {@code powerOfTwoChoices}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class TwoChoicesCycle {
        /** LB4J. */
        @Benchmark
        public Lease lb4j(Cycles.TwoChoices ours) {
            return ours.cycle();
        }

        /** The floor. */
        @Benchmark
        public long floor(Floors.Clock floor) {
            return floor.twice();
        }
    }

    /** A whole cycle beside one with {@code leastResponseTime}. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class LeastResponseTimeCycle {
        /** LB4J. */
        @Benchmark
        public Lease lb4j(Cycles.LeastResponseTime ours) {
            return ours.cycle();
        }

        /** The floor. */
        @Benchmark
        public long floor(Floors.Clock floor) {
            return floor.twice();
        }
    }
}
