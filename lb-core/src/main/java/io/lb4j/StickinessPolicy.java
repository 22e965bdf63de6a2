package io.lb4j;

import org.jspecify.annotations.Nullable;

/**
 * Remembers which node serves which session.
 *
 * <p>Asked only for requests that carry a {@linkplain RequestContext#session() session}. Thread-safe; called on
 * callers' threads, so it should not block. An implementation that stores bindings must bound them.
 */
public interface StickinessPolicy {
    /**
     * Finds the node a session belongs to.
     *
     * @param session the session of the request
     * @param all every node of the LoadBalancer, including those that are draining, ejected, down or disabled
     * @param nowNanos the time now
     * @return the node, or null if the session is bound to none of them
     */
    @Nullable
    Node lookup(String session, NodeSet all, long nowNanos);

    /**
     * Binds a session to a node; called after a reported success, so a failed first try moves nothing.
     *
     * @param session the session of the request
     * @param node the node that served it
     * @param nowNanos the time now
     */
    void bind(String session, Node node, long nowNanos);

    /**
     * Drops every binding to a node that has left for good.
     *
     * @param node the node
     */
    default void forget(Node node) {}
}
