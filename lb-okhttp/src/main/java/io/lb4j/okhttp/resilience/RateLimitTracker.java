package io.lb4j.okhttp.resilience;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.lb4j.HealthTracker;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import java.time.Duration;
import java.util.function.Supplier;

/** The rate limiters of the endpoints of one LoadBalancer. */
final class RateLimitTracker implements HealthTracker {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final String service;
    private final RateLimiterRegistry registry;
    private final RegisteredNodes<NodeLimiter> nodes = new RegisteredNodes<>();

    private RateLimitTracker(String service, RateLimiterRegistry registry) {
        this.service = service;
        this.registry = registry;
    }

    @Override
    public NodeHealth track(Node node) {
        String name = Names.of(service, node.endpoint());
        Supplier<RateLimiterConfig> config =
                () -> registry.getConfiguration(service).orElseGet(registry::getDefaultConfig);
        return nodes.keep(node, new NodeLimiter(registry, name, () -> {
            RateLimiter limiter = registry.rateLimiter(name, config);
            limiter.changeTimeoutDuration(Duration.ZERO);
            return limiter;
        }));
    }

    @Override
    public void onTick(NodeSet all, long nowNanos, Control control) {
        nodes.onTick(all, nowNanos, limiter -> {});
    }

    @Override
    public Duration tickInterval() {
        return INTERVAL;
    }

    /** The limiter of one node. Thread-safe. */
    private static final class NodeLimiter extends RegisteredNode<RateLimiter> implements NodeHealth {
        private final Supplier<RateLimiter> source;

        NodeLimiter(RateLimiterRegistry registry, String name, Supplier<RateLimiter> source) {
            super(registry, name, source.get());
            this.source = source;
        }

        @Override
        RateLimiter register() {
            return source.get();
        }

        @Override
        public boolean admits(RequestContext request, long nowNanos) {
            return entry().reservePermission() >= 0;
        }

        @Override
        public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {}
    }

    record Configured(String service, RateLimiterRegistry registry) implements HealthTracker {
        @Override
        public HealthTracker start() {
            return new RateLimitTracker(service, registry);
        }

        @Override
        public NodeHealth track(Node node) {
            throw new IllegalStateException(this + ": not started (expected: start().track(node))");
        }

        @Override
        public String toString() {
            return "rate limits " + service;
        }
    }
}
