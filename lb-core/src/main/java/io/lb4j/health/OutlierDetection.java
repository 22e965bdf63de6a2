package io.lb4j.health;

import io.lb4j.HealthTracker;
import io.lb4j.Node;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Ejects nodes that stand out from the others by what happened to their requests of late.
 *
 * <p>Counts successes and failures of each node in a window in which older requests count less and less, and lets rules
 * judge all nodes together at each tick. When one rule finds an outlier, the node is ejected, the worst first. The first
 * ejection lasts the base time, the second twice that, and so on up to a maximum; each window spent without ejection
 * takes one off. After its time one request tries the node: a success restores it, a failure ejects it for longer.
 *
 * <p>It is slower than {@code ConsecutiveFailures} and finds what that cannot: nodes of which only some requests fail.
 * Use both: {@code HealthTrackers.anyOf(HealthTracker.consecutiveFailures(), HealthTrackers.outlierDetection())}.
 * Immutable; one object may serve several LoadBalancers.
 */
public final class OutlierDetection implements HealthTracker {
    final List<OutlierRule> rules;
    final long tickNanos;
    final long windowNanos;
    final long baseNanos;
    final long longestNanos;
    private final double jitter;
    private final Supplier<? extends RandomGenerator> random;

    private OutlierDetection(Builder builder) {
        this.rules = builder.rules;
        this.tickNanos = builder.tickNanos;
        this.windowNanos = builder.windowNanos;
        this.baseNanos = builder.baseNanos;
        this.longestNanos = builder.longestNanos;
        this.jitter = builder.jitter;
        this.random = builder.random;
    }

    /**
     * Returns a builder: success rate and failure rate, tick 1 s, window 10 s, ejections of 30 s to 300 s with 20 %
     * jitter.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public HealthTracker start() {
        return new OutlierDetector(this);
    }

    /** Not for a tracker that was not started. */
    @Override
    public NodeHealth track(Node node) {
        throw new IllegalStateException("outlierDetection: not started (expected: start().track(node))");
    }

    /** How long the ejection lasts that is the {@code count}th in a row. */
    Duration ejection(int count) {
        double grown = Math.min((double) longestNanos, (double) baseNanos * count);
        double swing = 1 + jitter * (2 * random.get().nextDouble() - 1);
        return Duration.ofNanos(Math.max(1, (long) (grown * swing)));
    }

    /** Collects the settings; not thread-safe. A bad value is refused at once and changes nothing. */
    public static final class Builder {
        private List<OutlierRule> rules = List.of(SuccessRate.standard(), FailureRate.standard());
        private long tickNanos = Duration.ofSeconds(1).toNanos();
        private long windowNanos = Duration.ofSeconds(10).toNanos();
        private long baseNanos = Duration.ofSeconds(30).toNanos();
        private long longestNanos = Duration.ofSeconds(300).toNanos();
        private double jitter = 0.2;
        private Supplier<? extends RandomGenerator> random = ThreadLocalRandom::current;

        private Builder() {}

        /**
         * Sets the rules; a node is an outlier if one of them says so.
         *
         * @param value at least one; {@link SuccessRate} and {@link FailureRate} by default
         * @return this
         */
        public Builder rules(OutlierRule... value) {
            List<OutlierRule> copy = List.of(value);
            if (copy.isEmpty()) {
                throw Checks.bad("rules", "none", "at least one");
            }
            rules = copy;
            return this;
        }

        /**
         * Sets how often the nodes are judged.
         *
         * @param interval more than 0; 1 s by default
         * @return this
         */
        public Builder tick(Duration interval) {
            tickNanos = Checks.positiveNanos("tick", interval);
            return this;
        }

        /**
         * Sets for how long requests count: after this time a request counts for 37 %. It is also the time without
         * ejection that makes the next ejection shorter.
         *
         * @param length more than 0; 10 s by default
         * @return this
         */
        public Builder window(Duration length) {
            windowNanos = Checks.positiveNanos("window", length);
            return this;
        }

        /**
         * Sets how long ejections last.
         *
         * @param base the first one, and by how much each further one is longer; 30 s by default
         * @param longest the limit, not less than the base; 300 s by default
         * @return this
         */
        public Builder ejection(Duration base, Duration longest) {
            long first = Checks.positiveNanos("base ejection", base);
            long limit = Checks.positiveNanos("longest ejection", longest);
            if (limit < first) {
                throw Checks.bad("longest ejection", longest, ">= " + base);
            }
            baseNanos = first;
            longestNanos = limit;
            return this;
        }

        /**
         * Sets by which part of itself an ejection varies, so that clients do not return together.
         *
         * @param part 0 to 1; 0.2 by default
         * @return this
         */
        public Builder jitter(double part) {
            jitter = Checks.range("jitter", part, 0, 1);
            return this;
        }

        /**
         * Sets where the jitter comes from.
         *
         * @param source asked for each ejection, on the thread that needs it
         * @return this
         */
        public Builder random(Supplier<? extends RandomGenerator> source) {
            random = Checks.given("random", source);
            return this;
        }

        /**
         * Returns the tracker.
         *
         * @return a new tracker
         */
        public OutlierDetection build() {
            return new OutlierDetection(this);
        }
    }
}
