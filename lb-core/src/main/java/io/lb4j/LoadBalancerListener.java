package io.lb4j;

import java.time.Duration;

/**
 * Is told what happens in a LoadBalancer; every method does nothing by default.
 *
 * <p>Calls come in matched pairs: each acquired lease is reported once and closed once, each added node is removed at
 * most once, panic is entered before it is left. Lease methods run on callers' threads and should be quick; the others
 * are serialized. No lock of the engine is held. An exception is logged and goes no further.
 */
public interface LoadBalancerListener {
    /**
     * A lease was handed out.
     *
     * @param lease the lease
     */
    default void leaseAcquired(Lease lease) {}

    /**
     * A lease was reported, or closed without a report.
     *
     * @param lease the lease
     * @param outcome how it went
     * @param latencyNanos from acquire to report
     */
    default void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {}

    /**
     * A lease was closed.
     *
     * @param lease the lease
     */
    default void leaseClosed(Lease lease) {}

    /**
     * A node joined.
     *
     * @param node the node
     */
    default void nodeAdded(Node node) {}

    /**
     * A node left the list of endpoints.
     *
     * @param node the node
     */
    default void nodeRemoved(Node node) {}

    /**
     * The state of a node changed.
     *
     * @param node the node
     * @param from the state it had
     * @param to the state it has
     * @param reason why, in words for people
     */
    default void stateChanged(Node node, Node.State from, Node.State to, String reason) {}

    /**
     * A node was ejected, or ejected again after a failed trial; runs on the thread that reported the last failure.
     * {@link #stateChanged} follows at the next tick, but not if the node had no other state in between.
     *
     * @param node the node
     * @param duration for how long
     * @param reason why, in words for people
     */
    default void ejected(Node node, Duration duration, String reason) {}

    /**
     * Too few nodes are usable, so that ejected and down ones serve too, or that is over.
     *
     * @param panic true when it begins
     */
    default void panicChanged(boolean panic) {}

    /**
     * The endpoint source reported an error, or delivered something that could not be used as it was.
     *
     * @param cause what was wrong
     */
    default void sourceFailed(Throwable cause) {}
}
