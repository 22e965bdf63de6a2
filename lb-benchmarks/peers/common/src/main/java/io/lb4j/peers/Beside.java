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

    /** With the floor of what goes round. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class OverCursor {
        /** The floor. */
        @Benchmark
        public Object floor(Floors.Cursor floor) {
            return floor.next();
        }
    }

    /** With the floor of what draws at random. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class OverChance {
        /** The floor. */
        @Benchmark
        public Object floor(Floors.Chance floor) {
            return floor.next();
        }
    }

    /** With the floor of what hashes a key. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class OverHash {
        /** The floor. */
        @Benchmark
        public Object floor(Floors.Hash floor) {
            return floor.next();
        }
    }

    /** With the floor of what measures time. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public abstract static class OverClock {
        /** The floor. */
        @Benchmark
        public long floor(Floors.Clock floor) {
            return floor.twice();
        }
    }

    /** A pick beside {@code roundRobin}. */
    public abstract static class RoundRobin extends OverCursor {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.RoundRobin ours) {
            return ours.pick();
        }
    }

    /** A pick beside {@code weightedRoundRobin}, weights 1 to 10. */
    public abstract static class WeightedRoundRobin extends OverCursor {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.WeightedRoundRobin ours) {
            return ours.pick();
        }
    }

    /** A pick beside {@code random}. */
    public abstract static class Random extends OverChance {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.Random ours) {
            return ours.pick();
        }
    }

    /** A pick beside {@code weightedRandom}, weights 1 to 10. */
    public abstract static class WeightedRandom extends OverChance {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.WeightedRandom ours) {
            return ours.pick();
        }
    }

    /** A pick beside {@code leastRequests}. */
    public abstract static class LeastRequests extends OverChance {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.LeastRequests ours) {
            return ours.pick();
        }
    }

    /** A pick beside {@code powerOfTwoChoices}. */
    public abstract static class TwoChoices extends OverChance {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.TwoChoices ours) {
            return ours.pick();
        }
    }

    /** A pick beside {@code leastResponseTime}. */
    public abstract static class LeastResponseTime extends OverChance {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.LeastResponseTime ours) {
            return ours.pick();
        }
    }

    /** A pick by key beside {@code ringHash}. */
    public abstract static class RingHash extends OverHash {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.RingHash ours) {
            return ours.pickByKey();
        }
    }

    /** A pick by key beside {@code maglev}. */
    public abstract static class Maglev extends OverHash {
        /** LB4J. */
        @Benchmark
        public @Nullable Node lb4j(Picks.Maglev ours) {
            return ours.pickByKey();
        }
    }

    /** A whole cycle beside one with {@code leastRequests}. */
    public abstract static class LeastRequestsCycle extends OverClock {
        /** LB4J. */
        @Benchmark
        public Lease lb4j(Cycles.LeastRequests ours) {
            return ours.cycle();
        }
    }

    /** A whole cycle beside one with {@code powerOfTwoChoices}. */
    public abstract static class TwoChoicesCycle extends OverClock {
        /** LB4J. */
        @Benchmark
        public Lease lb4j(Cycles.TwoChoices ours) {
            return ours.cycle();
        }
    }

    /** A whole cycle beside one with {@code leastResponseTime}. */
    public abstract static class LeastResponseTimeCycle extends OverClock {
        /** LB4J. */
        @Benchmark
        public Lease lb4j(Cycles.LeastResponseTime ours) {
            return ours.cycle();
        }
    }
}
