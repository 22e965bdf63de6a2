package io.lb4j;

import java.time.Duration;

/**
 * An active check of one endpoint.
 *
 * <p>Runs on the engine's probe threads, never on a caller's; at most one at a time per node. The engine does not
 * depend on the timeout being kept: a check that exceeds it is interrupted and counts as failed, again with each further
 * interval that it hangs, and what it says later is ignored. Thread-safe.
 */
@FunctionalInterface
public interface HealthProbe {
    /** What a check that did not fail says. */
    enum Verdict {
        /** The endpoint is well. */
        PASS,
        /** The endpoint works, but should get requests only when those that are well do not suffice. */
        DEGRADED
    }

    /**
     * Checks an endpoint.
     *
     * @param endpoint what to check
     * @param timeout the time the check may take
     * @return what it says
     * @throws Exception if the endpoint is not well; the message becomes the reason
     */
    Verdict check(Endpoint endpoint, Duration timeout) throws Exception;

    /**
     * When to check, and how many results in a row change a node's state. Immutable.
     *
     * <p>Nodes that join are checked as soon as a place is free; the first result decides. Then each node waits for a
     * random part of an interval once, so that the checks of many nodes spread evenly, and is checked once per interval
     * from then on. With the standard schedule a node that stops answering is down after 18.5 s at most: 3 checks 5.5 s
     * apart at most, and 2 s for the last to time out; after 14.5 s on average, 12.5 s where connections are refused.
     *
     * <p>That holds as long as the checks do not wait for a place: {@code nodes x seconds per check <= atOnce x
     * interval}, that is 160 nodes of which every single one hangs, or 16 000 nodes that answer within 20 ms. With more,
     * an interval grows to {@code nodes x seconds per check / atOnce}. A check whose time is up keeps no place.
     */
    final class Schedule {
        private static final Schedule STANDARD = new Schedule(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                0.1,
                Duration.ofSeconds(2),
                3,
                2,
                64);

        private final Duration interval;
        private final Duration changingInterval;
        private final Duration downInterval;
        private final double jitter;
        private final Duration timeout;
        private final int fails;
        private final int passes;
        private final int atOnce;

        private Schedule(
                Duration interval,
                Duration changingInterval,
                Duration downInterval,
                double jitter,
                Duration timeout,
                int fails,
                int passes,
                int atOnce) {
            this.interval = interval;
            this.changingInterval = changingInterval;
            this.downInterval = downInterval;
            this.jitter = jitter;
            this.timeout = timeout;
            this.fails = fails;
            this.passes = passes;
            this.atOnce = atOnce;
        }

        /**
         * Returns the usual schedule: every 5 s with 10 % jitter, up to 30 s for nodes that stay down, timeout 2 s,
         * 3 fails and 2 passes in a row, 64 checks at once.
         *
         * @return the schedule
         */
        public static Schedule standard() {
            return STANDARD;
        }

        /**
         * Returns a schedule with other intervals; while results contradict a node's state they are the same.
         *
         * @param value from the start of one check to the start of the next, more than 0; 5 s by default
         * @return a new schedule
         */
        public Schedule withInterval(Duration value) {
            long ignored = Checks.positiveNanos("interval", value);
            return new Schedule(value, value, downInterval, jitter, timeout, fails, passes, atOnce);
        }

        /**
         * Returns a schedule that is quicker, or slower, while a node's results contradict its state: it is up and the
         * last check failed, or it is down and the last check passed.
         *
         * @param value more than 0; the usual interval by default
         * @return a new schedule
         */
        public Schedule withChangingInterval(Duration value) {
            long ignored = Checks.positiveNanos("changingInterval", value);
            return new Schedule(interval, value, downInterval, jitter, timeout, fails, passes, atOnce);
        }

        /**
         * Returns a schedule with another limit for nodes that stay down: their interval doubles with each failed check
         * until it is this long.
         *
         * @param value more than 0; 30 s by default; not more than the usual interval = no doubling
         * @return a new schedule
         */
        public Schedule withDownInterval(Duration value) {
            long ignored = Checks.positiveNanos("downInterval", value);
            return new Schedule(interval, changingInterval, value, jitter, timeout, fails, passes, atOnce);
        }

        /**
         * Returns a schedule with another jitter.
         *
         * @param value by which part of itself an interval varies, 0 to 1; 0.1 by default
         * @return a new schedule
         */
        public Schedule withJitter(double value) {
            double checked = Checks.range("jitter", value, 0, 1);
            return new Schedule(interval, changingInterval, downInterval, checked, timeout, fails, passes, atOnce);
        }

        /**
         * Returns a schedule with another timeout.
         *
         * @param value the time a check may take, more than 0; 2 s by default
         * @return a new schedule
         */
        public Schedule withTimeout(Duration value) {
            long ignored = Checks.positiveNanos("timeout", value);
            return new Schedule(interval, changingInterval, downInterval, jitter, value, fails, passes, atOnce);
        }

        /**
         * Returns a schedule with other thresholds.
         *
         * @param failsInRow fails in a row that take a node down, at least 1; 3 by default
         * @param passesInRow passes in a row that take it back, at least 1; 2 by default
         * @return a new schedule
         */
        public Schedule withThresholds(int failsInRow, int passesInRow) {
            int down = Checks.range("failsInRow", failsInRow, 1, Integer.MAX_VALUE);
            int up = Checks.range("passesInRow", passesInRow, 1, Integer.MAX_VALUE);
            return new Schedule(interval, changingInterval, downInterval, jitter, timeout, down, up, atOnce);
        }

        /**
         * Returns a schedule with another number of checks that may run at once, those not counted whose time is up.
         *
         * @param value at least 1; 64 by default
         * @return a new schedule
         */
        public Schedule withAtOnce(int value) {
            int checked = Checks.range("atOnce", value, 1, Integer.MAX_VALUE);
            return new Schedule(interval, changingInterval, downInterval, jitter, timeout, fails, passes, checked);
        }

        /**
         * Returns the time from the start of one check to the start of the next.
         *
         * @return more than 0
         */
        public Duration interval() {
            return interval;
        }

        /**
         * Returns the same while results contradict the node's state.
         *
         * @return more than 0
         */
        public Duration changingInterval() {
            return changingInterval;
        }

        /**
         * Returns the longest interval of a node that stays down.
         *
         * @return more than 0
         */
        public Duration downInterval() {
            return downInterval;
        }

        /**
         * Returns by which part of itself an interval varies.
         *
         * @return 0 to 1
         */
        public double jitter() {
            return jitter;
        }

        /**
         * Returns the time a check may take.
         *
         * @return more than 0
         */
        public Duration timeout() {
            return timeout;
        }

        /**
         * Returns how many fails in a row take a node down.
         *
         * @return at least 1
         */
        public int fails() {
            return fails;
        }

        /**
         * Returns how many passes in a row take a node back.
         *
         * @return at least 1
         */
        public int passes() {
            return passes;
        }

        /**
         * Returns how many checks may run at once.
         *
         * @return at least 1
         */
        public int atOnce() {
            return atOnce;
        }

        /** Returns the settings. */
        @Override
        public String toString() {
            return "every " + interval + " (" + changingInterval + " while changing, up to " + downInterval
                    + " while down), jitter " + jitter + ", timeout " + timeout + ", " + fails + " fails, " + passes
                    + " passes, " + atOnce + " at once";
        }
    }
}
