package io.lb4j;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Ejects a node after some failures in a row, for a time that doubles with each ejection.
 *
 * <p>After that time one replayable request at a time tries the node; if it succeeds the node is back, else the next
 * ejection begins. Each ejection is shortened by a random factor of 0.5 to 1, so that clients do not return together.
 * The doubling is forgotten after 60 s without an ejection.
 *
 * <p>Kinds of failures may be told apart: each group of kinds has a threshold and a count of its own, which only a
 * success sets back. Immutable.
 */
public final class ConsecutiveFailures implements HealthTracker {
    private static final int IGNORED = -1;
    private static final long FORGIVEN_AFTER = Duration.ofSeconds(60).toNanos();

    /** How many failures in a row of each group eject. */
    private final int[] thresholds;
    /** To which group an outcome belongs, if not to the first; IGNORED = to none. */
    private final Map<Outcome, Integer> groups;

    private final long firstEjection;
    private final long longestEjection;
    private final double leastJitter;
    private final Supplier<? extends RandomGenerator> random;

    private ConsecutiveFailures(Builder builder) {
        this.thresholds = builder.thresholds.clone();
        this.groups = new EnumMap<>(builder.groups);
        this.firstEjection = builder.firstEjection;
        this.longestEjection = builder.longestEjection;
        this.leastJitter = builder.leastJitter;
        this.random = builder.random;
        if (longestEjection < firstEjection) {
            throw Checks.bad(
                    "ejection",
                    Duration.ofNanos(firstEjection) + " to " + Duration.ofNanos(longestEjection),
                    "the first not longer than the longest");
        }
    }

    /**
     * Returns a builder: 5 failures, 1 s doubling to 10 s, jitter from 0.5.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public NodeHealth track(Node node) {
        return new Streak(node);
    }

    private long ejectionNanos(int earlier) {
        double doubled = firstEjection * Math.pow(2, earlier);
        double jitter = leastJitter + (1 - leastJitter) * random.get().nextDouble();
        return Math.max(1, (long) (Math.min((double) longestEjection, doubled) * jitter));
    }

    /** The failures in a row of one node, and how often they led to an ejection. */
    private final class Streak implements NodeHealth {
        private final Node node;
        /** Failures of each group since the last success or ejection; atomic: outcomes arrive from many threads. */
        private final AtomicIntegerArray inRow = new AtomicIntegerArray(thresholds.length);
        /** Whether one of them may be more than 0; set after it is, cleared before it is set back. */
        private volatile boolean failing;
        /** Ejections since the node was last forgiven; atomic for the same reason. */
        private final AtomicInteger ejections = new AtomicInteger();
        /** When the last ejection began; a racy write costs at most an earlier or later forgiveness. */
        private volatile long ejectedAt;
        /** The trial that took the node back, until another success; its response may still break. */
        private volatile @Nullable Lease restoredBy;

        Streak(Node node) {
            this.node = node;
        }

        @Override
        public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {
            if (outcome == Outcome.SUCCESS) {
                onSuccess(lease, nowNanos, control);
            } else if (outcome.isFailure() && groups.getOrDefault(outcome, 0) != IGNORED) {
                onFailure(lease, outcome, nowNanos, control);
            }
        }

        private void startAgain() {
            failing = false;
            for (int i = 0; i < inRow.length(); i++) {
                inRow.set(i, 0);
            }
        }

        private void onSuccess(Lease lease, long nowNanos, Control control) {
            if (failing) {
                startAgain();
            }
            boolean trial = lease.isTrial();
            if (trial || restoredBy != null) {
                restoredBy = trial ? lease : null;
            }
            if (trial) {
                control.restore(node, "trial succeeded");
            } else if (ejections.get() != 0 && nowNanos - ejectedAt > FORGIVEN_AFTER) {
                ejections.set(0);
            }
        }

        private void onFailure(Lease lease, Outcome outcome, long nowNanos, Control control) {
            int group = groups.getOrDefault(outcome, 0);
            int count = inRow.incrementAndGet(group);
            failing = true;
            boolean trial = lease.isTrial() && (node.isEjected() || lease == restoredBy);
            if (!trial && !isTooMany(group, count)) {
                return;
            }
            Duration duration = Duration.ofNanos(ejectionNanos(ejections.get()));
            String reason = trial ? "trial ended " + outcome : count + " failures in a row, the last " + outcome;
            if (control.eject(node, duration, reason)) {
                ejections.incrementAndGet();
                ejectedAt = nowNanos;
                startAgain();
            } else {
                inRow.addAndGet(group, trial ? 0 : count);
                failing = true;
            }
        }

        /** Whether these failures eject the node; of those that come at the same time, one does. */
        private boolean isTooMany(int group, int count) {
            return count >= thresholds[group] && !node.isEjected() && inRow.compareAndSet(group, count, 0);
        }
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        private int[] thresholds = {5};
        private final Map<Outcome, Integer> groups = new EnumMap<>(Outcome.class);
        private long firstEjection = Duration.ofSeconds(1).toNanos();
        private long longestEjection = Duration.ofSeconds(10).toNanos();
        private double leastJitter = 0.5;
        private Supplier<? extends RandomGenerator> random = ThreadLocalRandom::current;

        private Builder() {}

        /**
         * Sets how many failures in a row eject a node, of all kinds that are neither counted apart nor ignored.
         *
         * @param value at least 1; 5 by default
         * @return this
         */
        public Builder failures(int value) {
            thresholds[0] = Checks.range("failures", value, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Counts some kinds of failures apart from the others, together in one count.
         *
         * @param value how many of them in a row eject a node, at least 1
         * @param first a {@linkplain Outcome#isFailure() failure}
         * @param more further failures
         * @return this
         */
        public Builder failures(int value, Outcome first, Outcome... more) {
            int threshold = Checks.range("failures", value, 1, Integer.MAX_VALUE);
            assign(thresholds.length, first, more);
            thresholds = Arrays.copyOf(thresholds, thresholds.length + 1);
            thresholds[thresholds.length - 1] = threshold;
            return this;
        }

        /**
         * Leaves some kinds of failures out of account: they neither add to a count nor set it back.
         *
         * @param first a {@linkplain Outcome#isFailure() failure}
         * @param more further failures
         * @return this
         */
        public Builder ignore(Outcome first, Outcome... more) {
            assign(IGNORED, first, more);
            return this;
        }

        private void assign(int group, Outcome first, Outcome... more) {
            checkFailure(first);
            for (Outcome outcome : more) {
                checkFailure(outcome);
            }
            groups.put(first, group);
            for (Outcome outcome : more) {
                groups.put(outcome, group);
            }
        }

        private static void checkFailure(Outcome outcome) {
            if (!Checks.notNull("outcome", outcome).isFailure()) {
                throw Checks.bad("outcome", outcome, "a failure");
            }
        }

        /**
         * Sets how long ejections last.
         *
         * @param first the first one; 1 s by default
         * @param longest the limit of the doubling; 10 s by default
         * @return this
         */
        public Builder ejection(Duration first, Duration longest) {
            firstEjection = Checks.positiveNanos("first ejection", first);
            longestEjection = Checks.positiveNanos("longest ejection", longest);
            return this;
        }

        /**
         * Sets by how much at most an ejection is shortened.
         *
         * @param least the smallest factor, 0 to 1; 0.5 by default, 1 = no jitter
         * @return this
         */
        public Builder jitter(double least) {
            leastJitter = Checks.range("jitter", least, 0, 1);
            return this;
        }

        /**
         * Sets where the jitter comes from.
         *
         * @param source asked for each ejection, on the thread that needs it
         * @return this
         */
        public Builder random(Supplier<? extends RandomGenerator> source) {
            random = Checks.notNull("random", source);
            return this;
        }

        /**
         * Returns the tracker.
         *
         * @return a new tracker
         */
        public ConsecutiveFailures build() {
            return new ConsecutiveFailures(this);
        }
    }
}
