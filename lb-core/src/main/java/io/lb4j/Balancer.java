package io.lb4j;

import org.jspecify.annotations.Nullable;

/**
 * A selection algorithm: chooses one of the candidates for a request.
 *
 * <p>An algorithm without state is a lambda:
 *
 * <pre>{@code
 * Balancer any = (nodes, request, now) -> nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
 * }</pre>
 *
 * <p>An algorithm with tables or cursors builds them in {@link #prepare}, which the engine calls once per tier whenever
 * the candidates change, off the pick path. {@code pick} runs concurrently on callers' threads and should neither lock
 * nor allocate. The abstract test {@code io.lb4j.testkit.BalancerContract} checks an implementation.
 */
@FunctionalInterface
public interface Balancer {
    /**
     * Chooses a node.
     *
     * <p>The engine checks the choice afterwards: a node that is out of service, full or excluded is rejected and pick
     * is called again with a request that excludes it. An algorithm that looks at {@link RequestContext#excludes} only
     * if {@link RequestContext#hasExclusions} pays nothing on the normal path.
     *
     * @param candidates the nodes to choose from, never empty; exactly the set this instance was prepared with
     * @param request what the choice may depend on
     * @param nowNanos the time now, by the ticker of the LoadBalancer
     * @return one of the candidates, or null if none suits, which makes the engine go to the next tier
     */
    @Nullable
    Node pick(NodeSet candidates, RequestContext request, long nowNanos);

    /**
     * Returns an algorithm ready for these candidates.
     *
     * <p>Called on the instance that was prepared last for the same tier (first on the object the user configured), so
     * that a cursor can be handed on. Must leave this object as it was: one configured object may serve several
     * LoadBalancers. Calls are serialized per LoadBalancer. An instance whose tables depend on nothing but members and
     * weights returns itself if {@link NodeSet#version()} has not changed.
     *
     * @param candidates the nodes to choose from until the next call, never empty
     * @return the algorithm to pick with; this object if there is nothing to prepare
     */
    default Balancer prepare(NodeSet candidates) {
        return this;
    }
}
