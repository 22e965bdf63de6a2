package io.lb4j;

import java.time.Duration;

/**
 * Judges nodes by real traffic (passive health checking).
 *
 * <p>Per-node state lives in the {@link NodeHealth} and dies with the node. The engine decides whether a verdict is
 * carried out: it never ejects the last usable node, more than the configured part of the nodes, or so many that panic
 * would follow.
 */
@FunctionalInterface
public interface HealthTracker {
    /**
     * Returns the tracker that works for one LoadBalancer; called once by each, before anything else.
     *
     * <p>A tracker with state of its own returns a new object here, so that one configured object may serve several
     * LoadBalancers.
     *
     * @return this object by default
     */
    default HealthTracker start() {
        return this;
    }

    /**
     * Starts to judge a node; called once for each node, serialized with {@link #onTick}.
     *
     * @param node the node
     * @return what judges it
     */
    NodeHealth track(Node node);

    /**
     * Looks at all nodes together; serialized, on the scheduler's thread.
     *
     * @param all every node
     * @param nowNanos the time now
     * @param control carries verdicts out
     */
    default void onTick(NodeSet all, long nowNanos, Control control) {}

    /**
     * Returns how often {@link #onTick} wants to run.
     *
     * @return the interval; zero, the default, = never
     */
    default Duration tickInterval() {
        return Duration.ZERO;
    }

    /**
     * Returns the tracker that a LoadBalancer has unless another is configured: {@link ConsecutiveFailures} with its
     * default settings.
     *
     * @return a tracker
     */
    static HealthTracker consecutiveFailures() {
        return ConsecutiveFailures.builder().build();
    }

    /**
     * Returns the tracker that never ejects anybody.
     *
     * @return a tracker
     */
    static HealthTracker none() {
        return node -> (lease, outcome, nowNanos, control) -> {};
    }

    /** Judges one node. Thread-safe: called from callers' threads; does not block. */
    @FunctionalInterface
    interface NodeHealth {
        /**
         * Takes the outcome of a lease. A lease closed without a report comes as {@link Outcome#CANCELLED}; a response
         * that broke after its reported success comes a second time, with what broke it.
         *
         * @param lease the lease; {@link Lease#isTrial()} tells whether it is a half-open trial
         * @param outcome how it went
         * @param nowNanos the time now
         * @param control carries verdicts out
         */
        void onReport(Lease lease, Outcome outcome, long nowNanos, Control control);

        /**
         * Tells whether the node takes this request; asked after the pick, so it may hand out permits.
         *
         * @param request the request
         * @param nowNanos the time now
         * @return false = pick again without this node; true = {@link #onReleased} follows, once
         */
        default boolean admits(RequestContext request, long nowNanos) {
            return true;
        }

        /**
         * Tells whether the trials of the node that were reported so far decide nothing; asked after the report of each.
         *
         * @return true = the node stays out, and the next request may try it at once; false, the default, = a trial that
         *     succeeded takes the node back, and one that failed ejects it, unless this object has done so
         */
        default boolean wantsMoreTrials() {
            return false;
        }

        /** Takes back what {@link #admits} gave: the request is over, or was not made after all. */
        default void onReleased() {}

        /**
         * Returns how many requests may be in flight on the node at once, besides {@link Endpoint#maxInFlight()}; asked
         * at each acquire, so it must be as quick as reading a field. A node at its limit is no candidate.
         *
         * @return at least 1; {@link Endpoint#MOST_IN_FLIGHT}, the default, = no limit
         */
        default int maxInFlight() {
            return Endpoint.MOST_IN_FLIGHT;
        }
    }

    /** Carries verdicts out. Thread-safe. */
    interface Control {
        /**
         * Takes a node out for a time; after that one request at a time may try it, until {@link #restore}.
         *
         * <p>For a node that is ejected already, the later of both ends counts, except when its trial failed: then the
         * new duration starts now.
         *
         * @param node the node
         * @param duration how long, more than zero
         * @param reason why, in words for people
         * @return false if the ejection was refused because too few nodes would be left
         */
        boolean eject(Node node, Duration duration, String reason);

        /**
         * Takes a node back; its weight ramps up from the half.
         *
         * @param node the node
         * @param reason why, in words for people
         */
        void restore(Node node, String reason);
    }
}
