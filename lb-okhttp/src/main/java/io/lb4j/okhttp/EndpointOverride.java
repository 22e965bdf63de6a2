package io.lb4j.okhttp;

import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;

/**
 * Sends one call to one endpoint, whatever its state: a tag of the request, for debugging and for operators.
 *
 * <p>The call is not retried elsewhere. How it goes counts for the endpoint as for any other call.
 *
 * <pre>{@code
 * request.newBuilder().tag(EndpointOverride.class, EndpointOverride.to("10.0.0.2:8080")).build()
 * }</pre>
 *
 * @param id the endpoint's id, {@code host:port} unless set otherwise
 */
public record EndpointOverride(String id) {
    /** Checks that there is an id. */
    public EndpointOverride {
        Checks.notNull("id", id);
    }

    /**
     * Returns the override to an endpoint.
     *
     * @param id the endpoint's id
     * @return the tag
     */
    public static EndpointOverride to(String id) {
        return new EndpointOverride(id);
    }

    Lease acquire(LoadBalancer loadBalancer) {
        Node node = loadBalancer.nodes().find(id);
        if (node == null) {
            throw Checks.bad("EndpointOverride", id, "one of " + loadBalancer);
        }
        return node.acquire();
    }
}
