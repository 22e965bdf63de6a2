package io.lb4j;

import java.time.Duration;

/**
 * An active check of one endpoint.
 *
 * <p>Runs on the engine's probe threads, never on a caller's; at most one at a time per node. Thread-safe.
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
     * When to check, and how many results in a row change a node's state.
     *
     * @param interval from the end of one check to the start of the next, more than 0
     * @param jitter by which part of itself an interval varies, 0 to 1
     * @param timeout the time a check may take, more than 0
     * @param fails failures in a row that take a node down, at least 1
     * @param passes passes in a row that take it back, at least 1
     */
    record Schedule(Duration interval, double jitter, Duration timeout, int fails, int passes) {
        /** Checks the ranges. */
        public Schedule {
            Checks.positiveNanos("interval", interval);
            Checks.range("jitter", jitter, 0, 1);
            Checks.positiveNanos("timeout", timeout);
            Checks.range("fails", fails, 1, Integer.MAX_VALUE);
            Checks.range("passes", passes, 1, Integer.MAX_VALUE);
        }

        /**
         * Returns the usual schedule: every 5 s with 10 % jitter, timeout 2 s, 3 fails and 2 passes in a row.
         *
         * @return the schedule
         */
        public static Schedule standard() {
            return new Schedule(Duration.ofSeconds(5), 0.1, Duration.ofSeconds(2), 3, 2);
        }
    }
}
