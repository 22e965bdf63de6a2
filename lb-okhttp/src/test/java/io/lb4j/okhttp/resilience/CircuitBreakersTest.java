package io.lb4j.okhttp.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.HealthTracker;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerListener;
import io.lb4j.MutableEndpointSource;
import io.lb4j.NoEndpointAvailableException;
import io.lb4j.Node;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.health.HealthTrackers;
import io.lb4j.testkit.VirtualTime;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CircuitBreakersTest {
    /** Opens at half of 4 requests, for 10 s, then 20 s ...; three trials. */
    private static final CircuitBreakerConfig CONFIG = CircuitBreakerConfig.custom()
            .slidingWindowSize(4)
            .minimumNumberOfCalls(4)
            .failureRateThreshold(50)
            .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(10), 2))
            .permittedNumberOfCallsInHalfOpenState(3)
            .build();

    private static final Balancer FIRST = (nodes, request, now) -> {
        for (Node node : nodes) {
            if (!request.excludes(node)) {
                return node;
            }
        }
        return null;
    };

    /** Nodes a, b ... with a circuit breaker each, on virtual time. */
    private static final class Bench implements AutoCloseable {
        final VirtualTime time = new VirtualTime();
        final CircuitBreakerRegistry registry;
        final MutableEndpointSource source;
        final LoadBalancer balancer;
        final List<String> events = new ArrayList<>();

        Bench(CircuitBreakerConfig config, UnaryOperator<HealthTracker> tracker, String... ids) {
            registry = CircuitBreakerRegistry.of(config);
            source = MutableEndpointSource.of(endpoints(ids));
            balancer = LoadBalancer.builder("orders", source, FIRST)
                    .ticker(time)
                    .scheduler(time)
                    .healthTracker(tracker.apply(CircuitBreakers.tracker("orders", registry)))
                    .listener(new LoadBalancerListener() {
                        @Override
                        public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
                            events.add(node.endpoint().id() + " node " + to);
                        }
                    })
                    .build();
            for (String id : ids) {
                listen(id);
            }
        }

        static Bench with(String... ids) {
            return new Bench(CONFIG, UnaryOperator.identity(), ids);
        }

        private static Endpoint[] endpoints(String... ids) {
            return Arrays.stream(ids)
                    .map(id -> Endpoint.of(id + ".example", 80).withId(id))
                    .toArray(Endpoint[]::new);
        }

        private void listen(String id) {
            breaker(id)
                    .getEventPublisher()
                    .onStateTransition(event -> events.add(
                            id + " breaker " + event.getStateTransition().getToState()));
        }

        CircuitBreaker breaker(String id) {
            return registry.find("orders/" + id).orElseThrow();
        }

        Node node(String id) {
            return Objects.requireNonNull(balancer.nodes().find(id));
        }

        String next(Outcome outcome) {
            try (Lease lease = balancer.acquire(RequestContext.none())) {
                lease.report(outcome);
                return lease.endpoint().id();
            }
        }

        /** Sends requests to a node whatever its state. */
        void use(String id, int times, Outcome outcome) {
            for (int i = 0; i < times; i++) {
                try (Lease lease = node(id).acquire()) {
                    lease.report(outcome);
                }
            }
        }

        void advance(long millis) {
            time.advance(Duration.ofMillis(millis));
        }

        @Override
        public void close() {
            balancer.close();
        }
    }

    @Test
    void openMeansEjectedHalfOpenHalfOpenAndClosedRestored() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            assertEquals("b", bench.next(Outcome.SUCCESS));
            bench.advance(10_050);
            for (int i = 0; i < 3; i++) {
                assertEquals("a", bench.next(Outcome.SUCCESS), "trial " + i);
            }
            bench.advance(100);
            assertEquals(Node.State.UP, bench.node("a").state());
            assertEquals(
                    List.of(
                            "a breaker OPEN",
                            "a node EJECTED",
                            "a node HALF_OPEN",
                            "a breaker HALF_OPEN",
                            "a breaker CLOSED",
                            "a node UP"),
                    bench.events);
        }
    }

    @Test
    void halfOpenAdmitsThePermittedNumberOneAfterTheOther() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            bench.advance(10_050);
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                assertEquals("a", trial.endpoint().id());
                assertEquals("b", bench.next(Outcome.SUCCESS), "while one is under way");
                trial.report(Outcome.SUCCESS);
            }
            assertEquals("a", bench.next(Outcome.FAILURE), "the second");
            assertEquals(State.HALF_OPEN, bench.breaker("a").getState());
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            assertEquals("a", bench.next(Outcome.FAILURE), "the third decides: two of three failed");
            assertEquals(State.OPEN, bench.breaker("a").getState());
            assertEquals(Node.State.EJECTED, bench.node("a").state());
        }
    }

    @Test
    void oneFailedTrialOfThreeIsNotEnoughToOpenAgain() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            bench.advance(10_050);
            bench.next(Outcome.FAILURE);
            bench.next(Outcome.SUCCESS);
            assertEquals("a", bench.next(Outcome.SUCCESS));
            assertEquals(State.CLOSED, bench.breaker("a").getState());
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void theWaitGrowsAsTheIntervalFunctionSays() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            for (long seconds : new long[] {10, 20, 40}) {
                bench.advance(seconds * 1_000 - 100);
                assertEquals("b", bench.next(Outcome.SUCCESS), seconds + " s");
                bench.advance(200);
                for (int i = 0; i < 3; i++) {
                    assertEquals("a", bench.next(Outcome.FAILURE), seconds + " s");
                }
            }
        }
    }

    @Test
    void whatBeganBeforeTheBreakerOpenedRestoresNobody() {
        try (Bench bench = Bench.with("a", "b")) {
            List<Lease> early = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                early.add(bench.node("a").acquire());
            }
            bench.use("a", 4, Outcome.FAILURE);
            bench.advance(10_050);
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(trial.isTrial());
                early.forEach(lease -> {
                    lease.report(Outcome.SUCCESS);
                    lease.close();
                });
                assertEquals(State.HALF_OPEN, bench.breaker("a").getState());
                assertEquals(0, bench.breaker("a").getMetrics().getNumberOfBufferedCalls());
            }
        }
    }

    @Test
    void aCancelledTrialCostsNoPermission() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            bench.advance(10_050);
            for (int i = 0; i < 10; i++) {
                assertEquals("a", bench.next(Outcome.CANCELLED));
            }
            for (int i = 0; i < 3; i++) {
                assertEquals("a", bench.next(Outcome.SUCCESS));
            }
            assertEquals(State.CLOSED, bench.breaker("a").getState());
        }
    }

    @Test
    void theLastUsableNodeStaysAndItsBreakerCloses() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            bench.use("b", 4, Outcome.FAILURE);
            assertEquals(State.OPEN, bench.breaker("a").getState());
            assertEquals(State.CLOSED, bench.breaker("b").getState());
            assertEquals("b", bench.next(Outcome.SUCCESS));
            bench.use("b", 3, Outcome.FAILURE);
            assertEquals(
                    List.of(
                            "a breaker OPEN",
                            "b breaker OPEN",
                            "b breaker CLOSED",
                            "b breaker OPEN",
                            "b breaker CLOSED"),
                    bench.events.stream()
                            .filter(event -> event.contains("breaker"))
                            .toList());
        }
    }

    @Test
    void slowCallsOpenEvenIfTheySucceed() {
        CircuitBreakerConfig config = CircuitBreakerConfig.from(CONFIG)
                .slowCallDurationThreshold(Duration.ofMillis(500))
                .slowCallRateThreshold(50)
                .build();
        try (Bench bench = new Bench(config, UnaryOperator.identity(), "a", "b")) {
            for (int i = 0; i < 4; i++) {
                try (Lease lease = bench.node("a").acquire()) {
                    bench.advance(501);
                    lease.report(Outcome.SUCCESS);
                }
            }
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.advance(10_050);
            for (int i = 0; i < 3; i++) {
                try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                    assertTrue(trial.isTrial());
                    bench.advance(501);
                    trial.report(Outcome.SUCCESS);
                }
            }
            assertEquals(Node.State.EJECTED, bench.node("a").state(), "slow trials");
        }
    }

    @Test
    void ordersByHandAreFollowedWithinASecond() {
        try (Bench bench = Bench.with("a", "b", "c")) {
            bench.breaker("a").transitionToOpenState();
            bench.advance(1_100);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.breaker("a").transitionToClosedState();
            bench.advance(1_100);
            assertEquals(Node.State.UP, bench.node("a").state());
            bench.breaker("a").transitionToDisabledState();
            bench.use("a", 50, Outcome.FAILURE);
            bench.breaker("b").transitionToMetricsOnlyState();
            bench.use("b", 50, Outcome.FAILURE);
            bench.advance(1_100);
            assertEquals(Node.State.UP, bench.node("a").state());
            assertEquals(Node.State.UP, bench.node("b").state());
            assertEquals(100, bench.breaker("b").getMetrics().getFailureRate());
        }
    }

    @Test
    void forcedOpenGetsNoRequestAtAll() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.breaker("a").transitionToForcedOpenState();
            bench.breaker("b").transitionToForcedOpenState();
            bench.advance(1_100);
            NoEndpointAvailableException failure =
                    assertThrows(NoEndpointAvailableException.class, () -> bench.next(Outcome.SUCCESS));
            assertEquals(NoEndpointAvailableException.Reason.RATE_LIMITED, failure.reason());
            bench.breaker("a").reset();
            bench.advance(1_100);
            assertEquals("a", bench.next(Outcome.SUCCESS));
        }
    }

    @Test
    void halfOpenByHandOfANodeInServiceIsDecidedByItsTraffic() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.breaker("a").transitionToOpenState();
            bench.breaker("a").transitionToHalfOpenState();
            bench.use("a", 3, Outcome.SUCCESS);
            assertEquals(State.CLOSED, bench.breaker("a").getState());
        }
    }

    @Test
    void theBreakerSeesWhichKindOfFailureItWas() {
        CircuitBreakerConfig config = CircuitBreakerConfig.custom() // from(CONFIG) would record all others, too
                .slidingWindowSize(4)
                .minimumNumberOfCalls(4)
                .recordExceptions(SocketTimeoutException.class)
                .ignoreExceptions(ConnectException.class)
                .build();
        try (Bench bench = new Bench(config, UnaryOperator.identity(), "a", "b")) {
            bench.use("a", 10, Outcome.UNREACHABLE);
            assertEquals(0, bench.breaker("a").getMetrics().getNumberOfBufferedCalls());
            bench.use("a", 2, Outcome.FAILURE);
            assertEquals(2, bench.breaker("a").getMetrics().getNumberOfSuccessfulCalls());
            bench.use("a", 2, Outcome.TIMED_OUT);
            assertEquals(State.OPEN, bench.breaker("a").getState());
        }
    }

    @Test
    void aPauseThatTheServerAskedForIsNotTheBreakersBusiness() {
        try (Bench bench = Bench.with("a", "b")) {
            try (Lease lease = bench.node("a").acquire()) {
                lease.overloaded(Duration.ofSeconds(2));
            }
            bench.advance(2_050);
            assertEquals("a", bench.next(Outcome.SUCCESS));
            assertEquals(Node.State.UP, bench.node("a").state());
            assertEquals(State.CLOSED, bench.breaker("a").getState());
        }
    }

    @Test
    void besideOtherTrackersTheTrialsBelongToWhoeverEjected() {
        UnaryOperator<HealthTracker> both =
                breakers -> HealthTrackers.anyOf(breakers, HealthTracker.consecutiveFailures());
        try (Bench bench = new Bench(CONFIG, both, "a", "b")) {
            bench.use("a", 4, Outcome.FAILURE);
            bench.advance(10_050);
            assertEquals("a", bench.next(Outcome.SUCCESS));
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state(), "after one of three");
            bench.next(Outcome.SUCCESS);
            bench.next(Outcome.SUCCESS);
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void breakersComeFromTheRegistryAndLeaveItAfterTheirEndpoints() {
        try (Bench bench = Bench.with("a", "b")) {
            assertEquals(
                    "orders/a", CircuitBreakers.name("orders", bench.node("a").endpoint()));
            bench.source.set(Bench.endpoints("b", "c"));
            bench.advance(59_000);
            assertTrue(bench.registry.find("orders/a").isPresent());
            bench.advance(5_000);
            assertFalse(bench.registry.find("orders/a").isPresent());
            assertTrue(bench.registry.find("orders/c").isPresent());
            bench.source.set(Bench.endpoints("a", "b"));
            bench.advance(2_000);
            bench.use("a", 4, Outcome.FAILURE);
            assertEquals(State.OPEN, bench.breaker("a").getState());
        }
    }

    @Test
    void theConfigurationOfTheServiceComesBeforeTheDefault() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        registry.addConfiguration("orders", CONFIG);
        try (LoadBalancer balancer = LoadBalancer.builder(
                        "orders", MutableEndpointSource.of(Bench.endpoints("a")), FIRST)
                .healthTracker(CircuitBreakers.tracker("orders", registry))
                .build()) {
            assertEquals(1, balancer.nodes().size());
            assertEquals(
                    4,
                    registry.find("orders/a")
                            .orElseThrow()
                            .getCircuitBreakerConfig()
                            .getSlidingWindowSize());
        }
    }

    @Test
    void badInputIsRefused() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        assertThrows(IllegalArgumentException.class, () -> CircuitBreakers.tracker(" ", registry));
        try (Bench bench = Bench.with("a")) {
            HealthTracker unstarted = CircuitBreakers.tracker("orders", registry);
            assertThrows(IllegalStateException.class, () -> unstarted.track(bench.node("a")));
        }
    }
}
