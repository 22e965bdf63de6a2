package io.lb4j.okhttp.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.lb4j.HealthTracker;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.time.Duration;

/** The circuit breakers of one LoadBalancer. */
final class CircuitBreakerTracker implements HealthTracker {
    /** How late a breaker that was moved by hand is noticed at most. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final String service;
    private final CircuitBreakerRegistry registry;
    private final RegisteredNodes<NodeBreaker> nodes = new RegisteredNodes<>();

    CircuitBreakerTracker(String service, CircuitBreakerRegistry registry) {
        this.service = service;
        this.registry = registry;
    }

    @Override
    public NodeHealth track(Node node) {
        return nodes.keep(node, NodeBreaker.of(service, node, registry));
    }

    @Override
    public void onTick(NodeSet all, long nowNanos, Control control) {
        nodes.onTick(all, nowNanos, breaker -> breaker.follow(control));
    }

    @Override
    public Duration tickInterval() {
        return INTERVAL;
    }
}
