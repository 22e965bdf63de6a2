package io.lb4j.health;

import io.lb4j.Node;

/**
 * What one node did in the window of an {@link OutlierDetection}; immutable.
 *
 * @param node the node
 * @param requests how many of its requests have ended, older ones counting less; cancelled ones not at all
 * @param failureRate the part of them that failed, 0 to 1
 * @param failing whether any of those that ended since the last tick failed; else what failed is past, and would be held
 *     against a node that is well again
 * @param latencyNanos what the next answer is estimated to take
 */
public record NodeTraffic(Node node, double requests, double failureRate, boolean failing, double latencyNanos) {
    /**
     * Returns the part of the requests that succeeded.
     *
     * @return 0 to 1
     */
    public double successRate() {
        return 1 - failureRate;
    }
}
