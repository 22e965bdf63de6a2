package io.lb4j.examples;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.HealthProbe.Schedule;
import io.lb4j.HealthTracker;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.Answer;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.health.HealthTrackers;
import io.lb4j.okhttp.HttpProbe;
import io.lb4j.okhttp.resilience.CircuitBreakers;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;

/** A server that says it is not well, one that fails though it says it is: an HTTP probe, and circuit breakers. */
public final class HealthChecks {
    private static final int CALLS = 60;
    private static final int WORKERS = 4;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Quick, so that the example is; {@code Schedule.standard()} checks every 5 s. */
    private static final Schedule QUICK = Schedule.standard()
            .withInterval(Duration.ofMillis(50))
            .withDownInterval(Duration.ofMillis(50))
            .withTimeout(Duration.ofSeconds(1));

    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowSize(4)
            .minimumNumberOfCalls(4)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(3)
            .build();

    /** What each server does, switched while it runs. */
    private final AtomicBoolean bIsWell = new AtomicBoolean(true);

    private final AtomicBoolean cWorks = new AtomicBoolean(true);
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(BREAKER);
    private final PrintStream out;

    private HealthChecks(PrintStream out) {
        this.out = out;
    }

    /** Shows who answers, and why the others do not. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException, InterruptedException {
        new HealthChecks(out).run();
    }

    private void run() throws IOException, InterruptedException {
        Answer ofB = uri -> uri.getPath().equals("/health") && !bIsWell.get() ? 503 : 200;
        Answer ofC = uri -> uri.getPath().equals("/health") || cWorks.get() ? 200 : 502;
        try (LocalServer a = LocalServer.start("a");
                LocalServer b = LocalServer.start("b", WORKERS, ofB);
                LocalServer c = LocalServer.start("c", WORKERS, ofC);
                LoadBalancer service = balancer(source(a, b, c));
                Calls calls = new Calls(service)) {
            show(service, calls);
        }
    }

    private LoadBalancer balancer(EndpointSource source) {
        HealthTracker traffic =
                HealthTrackers.anyOf(HealthTracker.consecutiveFailures(), CircuitBreakers.tracker("stock", breakers));
        return LoadBalancer.builder("stock", source, Balancers.roundRobin())
                .healthProbe(HttpProbe.get(new OkHttpClient(), "http://stock/health"), QUICK)
                .healthTracker(traffic)
                .build();
    }

    private void show(LoadBalancer service, Calls calls) throws InterruptedException {
        Node b = await(service, "b", Node.State.UP);
        Node c = await(service, "c", Node.State.UP);
        out.println("all well:            " + calls.make(CALLS));

        bIsWell.set(false);
        await(service, "b", Node.State.DOWN);
        out.println("b says it is not:    " + calls.make(CALLS) + ", " + b.reason());

        bIsWell.set(true);
        await(service, "b", Node.State.UP);
        Queue<String> events = listen("stock/c");
        cWorks.set(false);
        out.println("c fails:             " + calls.make(CALLS) + ", its breaker went " + events.peek());

        cWorks.set(true);
        while (c.state() != Node.State.UP) {
            calls.make(1); // the calls themselves try it, three times
        }
        out.println("c works again:       breaker "
                + breakers.circuitBreaker("stock/c").getState() + ", " + c.reason());
    }

    /** Resilience4j's own events go on being what they were. */
    private Queue<String> listen(String name) {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        breakers.circuitBreaker(name)
                .getEventPublisher()
                .onStateTransition(
                        event -> events.add(event.getStateTransition().toString()));
        return events;
    }

    private static Node await(LoadBalancer service, String id, Node.State state) {
        long start = System.nanoTime();
        Node node = service.nodes().find(id);
        while (node == null || node.state() != state) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException(id + " is " + node);
            }
            LockSupport.parkNanos(1_000_000);
            node = service.nodes().find(id);
        }
        service.tick(); // what a check has found counts for new calls some milliseconds later, or now
        return node;
    }

    private static EndpointSource source(LocalServer a, LocalServer b, LocalServer c) {
        return EndpointSource.of(
                Endpoint.parse(a.address()).withId("a"),
                Endpoint.parse(b.address()).withId("b"),
                Endpoint.parse(c.address()).withId("c"));
    }
}
