package io.lb4j.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What is wrong with a server, and when; times are nanoseconds since the start of the simulation.
 *
 * <p>Every method says by default that nothing is wrong.
 */
public interface Fault {
    /** What a server does with a request that arrives. */
    enum Reaction {
        /** Serves it. */
        SERVE,
        /** Answers at once with a failure, without a worker. */
        REFUSE,
        /** Never answers. */
        HANG
    }

    /** How long a refusal takes at the server. */
    Duration REFUSAL_TIME = Duration.ofNanos(500_000);

    /**
     * Returns by what the service times of requests that start now are multiplied.
     *
     * @param now the time
     * @return more than 0; 1 = as usual
     */
    default double slowdown(long now) {
        return 1;
    }

    /**
     * Returns what happens to requests that arrive now.
     *
     * @param now the time
     * @return the reaction
     */
    default Reaction reaction(long now) {
        return Reaction.SERVE;
    }

    /**
     * Returns which part of the answers given now are errors; they take as long as others.
     *
     * @param now the time
     * @return 0 to 1
     */
    default double errorRate(long now) {
        return 0;
    }

    /**
     * Returns a server that is slow for a time.
     *
     * @param factor how many times slower
     * @param from when it begins, since the start
     * @param to when it ends, since the start
     * @return the fault
     */
    static Fault slow(double factor, Duration from, Duration to) {
        Span span = Span.of(from, to);
        return slowed(now -> span.contains(now) ? factor : 1);
    }

    /**
     * Returns a server that is slow every other period, first from the start on.
     *
     * @param factor how many times slower
     * @param period how long each time
     * @return the fault
     */
    static Fault flapping(double factor, Duration period) {
        long nanos = period.toNanos();
        return slowed(now -> now / nanos % 2 == 0 ? factor : 1);
    }

    /**
     * Returns a server that starts slow and gets faster evenly.
     *
     * @param factor how many times slower it is at first
     * @param at when it starts, since the start of the simulation
     * @param length how long until it is as fast as the others
     * @return the fault
     */
    static Fault warmingUp(double factor, Duration at, Duration length) {
        Span span = Span.of(at, at.plus(length));
        return slowed(now -> span.contains(now) ? factor - (factor - 1) * span.part(now) : 1);
    }

    /**
     * Returns a server that answers at once with failures for a time.
     *
     * @param from when it begins, since the start
     * @param to when it ends, since the start
     * @return the fault
     */
    static Fault refusing(Duration from, Duration to) {
        return reacting(Reaction.REFUSE, Span.of(from, to));
    }

    /**
     * Returns a server that never answers what arrives in a time.
     *
     * @param from when it begins, since the start
     * @param to when it ends, since the start
     * @return the fault
     */
    static Fault hanging(Duration from, Duration to) {
        return reacting(Reaction.HANG, Span.of(from, to));
    }

    /**
     * Returns a server that answers some requests wrongly for a time.
     *
     * @param rate the part of them, 0 to 1
     * @param from when it begins, since the start
     * @param to when it ends, since the start
     * @return the fault
     */
    static Fault errors(double rate, Duration from, Duration to) {
        Span span = Span.of(from, to);
        return new Fault() {
            @Override
            public double errorRate(long now) {
                return span.contains(now) ? rate : 0;
            }
        };
    }

    /**
     * Returns a server that others on its machine slow down, anew each slot.
     *
     * @param probability of a slow slot, 0 to 1
     * @param least the least slowdown in a slow slot
     * @param most the greatest slowdown; uniform between the two
     * @param random draws one seed
     * @return the fault; slots are 1 s long and repeat after an hour
     */
    static Fault antagonist(double probability, double least, double most, RandomGenerator random) {
        Streams slots = new Streams(random.nextLong());
        double[] factors = new double[3600];
        RandomGenerator stream = slots.faults(0);
        for (int i = 0; i < factors.length; i++) {
            boolean slow = stream.nextDouble() < probability;
            double factor = least + (most - least) * stream.nextDouble();
            factors[i] = slow ? factor : 1;
        }
        return slowed(now -> factors[(int) (now / 1_000_000_000L % factors.length)]);
    }

    private static Fault slowed(Slowdown slowdown) {
        return new Fault() {
            @Override
            public double slowdown(long now) {
                return slowdown.at(now);
            }
        };
    }

    private static Fault reacting(Reaction reaction, Span span) {
        return new Fault() {
            @Override
            public Reaction reaction(long now) {
                return span.contains(now) ? reaction : Reaction.SERVE;
            }
        };
    }

    /** A slowdown that depends on the time. */
    @FunctionalInterface
    interface Slowdown {
        /**
         * Returns the factor.
         *
         * @param now the time
         * @return more than 0
         */
        double at(long now);
    }
}
