package io.lb4j.stress;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.HealthTracker;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.Ticker;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the tests are set up with: cheap, since jcstress makes thousands of states per second. */
final class Fixture {
    /** Is shut down, so that no LoadBalancer ticks by itself. */
    private static final ScheduledExecutorService NEVER = shutDown();

    private Fixture() {}

    /** A clock that a test sets before its actors start. */
    static final class Clock implements Ticker {
        /** Plain: jcstress publishes the state to the actors, and none of them writes it. */
        long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }
    }

    static Endpoint endpoint(String id) {
        return Endpoint.of(id, 80);
    }

    /** A node that belongs to no LoadBalancer. */
    static Node node(Ticker ticker) {
        return NodeSet.of(ticker, endpoint("a")).get(0);
    }

    static LoadBalancerBuilder builder(Ticker ticker, EndpointSource source, Balancer balancer) {
        return LoadBalancer.builder("stress", source, balancer)
                .ticker(ticker)
                .scheduler(NEVER)
                .healthTracker(HealthTracker.none());
    }

    /** To which endpoint a request goes now; empty if to none. */
    static String destination(LoadBalancer balancer) {
        try (Lease lease = balancer.tryAcquire(RequestContext.none())) {
            return host(lease);
        }
    }

    static String host(@Nullable Lease lease) {
        return lease == null ? "" : lease.endpoint().host();
    }

    /**
     * Whether nothing is left of earlier leases in the count of unreported ones and the sum of their ages: with one more
     * lease the mean age must be its age, to the nanosecond.
     */
    static boolean waitsForNothing(Node node, Clock clock) {
        long age = TimeUnit.HOURS.toNanos(1);
        try (Lease lease = node.acquire()) {
            return lease.node().latencyNanos(clock.nanos + age) == age;
        }
    }

    private static ScheduledExecutorService shutDown() {
        ScheduledExecutorService executor = new ScheduledThreadPoolExecutor(0);
        executor.shutdown();
        return executor;
    }
}
