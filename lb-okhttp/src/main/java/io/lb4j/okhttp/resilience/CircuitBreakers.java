package io.lb4j.okhttp.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.lb4j.Endpoint;
import io.lb4j.HealthTracker;
import io.lb4j.Node;

/**
 * Passive health by Resilience4j: one {@code CircuitBreaker} per node, from a registry, so that its configuration, events
 * and metrics stay in use.
 *
 * <pre>{@code
 * LoadBalancer.builder("orders", source, balancer).healthTracker(CircuitBreakers.tracker("orders", registry))
 * }</pre>
 *
 * <p>The breaker decides whether, the LoadBalancer when and for whom:
 *
 * <ul>
 *   <li>It is told every outcome but {@code CANCELLED}. An outcome that {@linkplain io.lb4j.Outcome#isFailure() is a
 *       failure} comes as an {@code IOException}: {@code TIMED_OUT} as {@code SocketTimeoutException}, {@code UNREACHABLE}
 *       as {@code ConnectException}, {@code UNTRUSTED} as {@code SSLPeerUnverifiedException}.
 *   <li>It opens: its node is ejected for its wait duration. If the LoadBalancer refuses, because too few nodes would be
 *       left, the breaker is closed again. An active check that passes may end the time early.
 *   <li>The time is over: with the first request that tries the node it is half-open. The node gets as many requests as
 *       the breaker permits, one after the other. The breaker then closes, and the node is restored, or it opens again.
 *   <li>Opened or closed by hand: the node follows within a second. Forced open: the node gets no request at all, even
 *       if it is the last. Disabled or metrics only: it is never ejected.
 * </ul>
 *
 * <p>Half-open by hand, of a node that is ejected, has no effect before the time of the ejection is over.
 */
public final class CircuitBreakers {
    private CircuitBreakers() {}

    /**
     * Returns a tracker that asks a circuit breaker for each node.
     *
     * <p>A breaker is taken from the registry by its {@linkplain #name name}; if there is none, it is made with the
     * registry's configuration of the name of the service, or else with the default one. It is removed from the registry a
     * minute after its endpoint has left.
     *
     * @param service the first part of the names; one LoadBalancer for each in a registry
     * @param registry where the breakers are
     * @return a tracker, for one LoadBalancer or several
     */
    public static HealthTracker tracker(String service, CircuitBreakerRegistry registry) {
        return new Configured(Names.checked(service), Names.notNull("registry", registry));
    }

    /**
     * Returns the name of the circuit breaker of an endpoint.
     *
     * @param service the name given to {@link #tracker}
     * @param endpoint the endpoint
     * @return the service, a slash and the endpoint's id, for instance {@code orders/10.0.0.1:8080}
     */
    public static String name(String service, Endpoint endpoint) {
        return Names.of(service, endpoint);
    }

    private record Configured(String service, CircuitBreakerRegistry registry) implements HealthTracker {
        @Override
        public HealthTracker start() {
            return new CircuitBreakerTracker(service, registry);
        }

        @Override
        public NodeHealth track(Node node) {
            throw new IllegalStateException(this + ": not started (expected: start().track(node))");
        }

        @Override
        public String toString() {
            return "circuit breakers " + service;
        }
    }
}
