package io.lb4j;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A LoadBalancer on virtual time, and short words for what tests do with it. */
final class Bench implements AutoCloseable {
    /** Chooses the candidate that comes first in the delivery, so that a test knows where a request goes. */
    static final Balancer FIRST = (nodes, request, now) -> {
        for (int i = 0; i < nodes.size(); i++) {
            if (!request.excludes(nodes.get(i))) {
                return nodes.get(i);
            }
        }
        return null;
    };

    static final Balancer ANY =
            (nodes, request, now) -> nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));

    final VirtualTime time = new VirtualTime();
    final MutableEndpointSource source;
    final List<String> events = new ArrayList<>();
    final LoadBalancer balancer;

    Bench(UnaryOperator<LoadBalancerBuilder> settings, MutableEndpointSource source, Balancer algorithm) {
        this.source = source;
        LoadBalancerBuilder builder = LoadBalancer.builder("orders", source, algorithm)
                .ticker(time)
                .scheduler(time)
                .healthTracker(tracker())
                .listener(new Recorder());
        this.balancer = settings.apply(builder).build();
    }

    /** The default tracker, without jitter. */
    static HealthTracker tracker() {
        return ConsecutiveFailures.builder().jitter(1).build();
    }

    static Bench with(UnaryOperator<LoadBalancerBuilder> settings, String... ids) {
        return new Bench(settings, MutableEndpointSource.of(endpoints(ids)), FIRST);
    }

    static Bench with(String... ids) {
        return with(builder -> builder, ids);
    }

    static Endpoint endpoint(String id) {
        return Endpoint.of(id + ".example", 80).withId(id);
    }

    static Endpoint[] endpoints(String... ids) {
        return Arrays.stream(ids).map(Bench::endpoint).toArray(Endpoint[]::new);
    }

    /** Gives the highest numbers there are: with it the second check comes a whole interval after the first. */
    static RandomGenerator latest() {
        return () -> -1L;
    }

    Node node(String id) {
        Node node = balancer.nodes().find(id);
        if (node == null) {
            throw new AssertionError("no node " + id + " in " + balancer.nodes());
        }
        return node;
    }

    void deliver(String... ids) {
        source.set(endpoints(ids));
    }

    void advance(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    /** Where the next request goes; it succeeds at once. */
    String next() {
        return next(RequestContext.none());
    }

    String next(RequestContext request) {
        try (Lease lease = balancer.acquire(request)) {
            lease.report(Outcome.SUCCESS);
            return lease.endpoint().id();
        }
    }

    /** Lets requests on one node fail, whatever its state. */
    void fail(String id, int times) {
        for (int i = 0; i < times; i++) {
            try (Lease lease = node(id).acquire()) {
                lease.report(Outcome.FAILURE);
            }
        }
    }

    @Override
    public void close() {
        balancer.close();
    }

    private final class Recorder implements LoadBalancerListener {
        @Override
        public void nodeAdded(Node node) {
            events.add("+" + node.endpoint().id());
        }

        @Override
        public void nodeRemoved(Node node) {
            events.add("-" + node.endpoint().id());
        }

        @Override
        public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
            events.add(node.endpoint().id() + " " + from + ">" + to);
        }

        @Override
        public void panicChanged(boolean panic) {
            events.add("panic " + panic);
        }

        @Override
        public void sourceFailed(Throwable cause) {
            events.add("error " + cause.getMessage());
        }
    }
}
