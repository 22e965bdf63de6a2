package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
    private static final EndpointSource SOURCE = EndpointSource.of("10.0.0.1:80", "10.0.0.2:80");

    private static LoadBalancerBuilder builder() {
        return LoadBalancer.builder("orders", SOURCE, Bench.FIRST);
    }

    static Stream<Arguments> badSettings() {
        return Stream.of(
                refused("name: \" \" (expected: some text)", () -> LoadBalancer.builder(" ", SOURCE, Bench.FIRST)),
                refused("endpoints: \"[]\" (expected: at least one", () -> EndpointSource.of(List.of())),
                refused(
                        "endpoints: \"10.0.0.1:80\" (expected: each id once)",
                        () -> EndpointSource.of("10.0.0.1:80", "10.0.0.1:80")),
                refused("port: 0 (expected: 1 to 65535)", () -> Endpoint.of("a", 0)),
                refused("port: 65536 (expected: 1 to 65535)", () -> Endpoint.of("a", 65_536)),
                refused("port: 65536 (expected: 1 to 65535)", () -> Endpoint.parse("a:65536")),
                refused(
                        "weight: NaN (expected: >= 0 and finite)",
                        () -> endpoint().withWeight(Double.NaN)),
                refused(
                        "weight: -1.0 (expected: >= 0 and finite)",
                        () -> endpoint().withWeight(-1)),
                refused("weight: Infinity", () -> endpoint().withWeight(Double.POSITIVE_INFINITY)),
                refused(
                        "maxInFlight: 0 (expected: 1 to 65535)",
                        () -> endpoint().withMaxInFlight(0)),
                refused("priority: -1 (expected: >= 0)", () -> endpoint().withPriority(-1)),
                refused(
                        "mostEjected: 1.5 (expected: 0.0 to 1.0)",
                        () -> builder().mostEjected(1.5)),
                refused("panicBelow: NaN", () -> builder().panicBelow(Double.NaN)),
                refused(
                        "grace: PT-1S (expected: 0 to 73 years)",
                        () -> builder().grace(Duration.ofSeconds(-1))),
                refused("queue capacity: 0 (expected: >= 1)", () -> builder().queue(0, Duration.ofSeconds(1))),
                refused("queue timeout: PT0S (expected: > 0)", () -> builder().queue(1, Duration.ZERO)),
                refused(
                        "slowStart aggression: 0.0 (expected: 0.1 to 10.0)",
                        () -> builder().slowStart(Duration.ofSeconds(1), 0.1, 0)),
                refused("maxInFlight: 0 (expected: >= 1)", () -> builder().maxInFlight(0)),
                refused("slowStart least: 0.0", () -> builder().slowStart(Duration.ofSeconds(1), 0)),
                refused(
                        "failures: 0 (expected: >= 1)",
                        () -> ConsecutiveFailures.builder().failures(0)),
                refused(
                        "jitter: 2.0 (expected: 0.0 to 1.0)",
                        () -> ConsecutiveFailures.builder().jitter(2)),
                refused(
                        "interval: PT0S (expected: > 0)",
                        () -> HealthProbe.Schedule.standard().withInterval(Duration.ZERO)),
                refused(
                        "changingInterval: PT0S (expected: > 0)",
                        () -> HealthProbe.Schedule.standard().withChangingInterval(Duration.ZERO)),
                refused(
                        "downInterval: PT-1S (expected: 0 to 73 years)",
                        () -> HealthProbe.Schedule.standard().withDownInterval(Duration.ofSeconds(-1))),
                refused(
                        "timeout: PT0S (expected: > 0)",
                        () -> HealthProbe.Schedule.standard().withTimeout(Duration.ZERO)),
                refused(
                        "jitter: 1.5 (expected: 0.0 to 1.0)",
                        () -> HealthProbe.Schedule.standard().withJitter(1.5)),
                refused(
                        "failsInRow: 0 (expected: >= 1)",
                        () -> HealthProbe.Schedule.standard().withThresholds(0, 1)),
                refused(
                        "passesInRow: 0 (expected: >= 1)",
                        () -> HealthProbe.Schedule.standard().withThresholds(1, 0)),
                refused(
                        "atOnce: 0 (expected: >= 1)",
                        () -> HealthProbe.Schedule.standard().withAtOnce(0)));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    private static Endpoint endpoint() {
        return Endpoint.of("10.0.0.1", 80);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badSettings")
    void aBadSettingIsRefusedAtOnce(String message, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    static Stream<Executable> nullArguments() {
        return Stream.of(
                () -> LoadBalancer.builder(null, SOURCE, Bench.FIRST),
                () -> LoadBalancer.builder("orders", null, Bench.FIRST),
                () -> LoadBalancer.builder("orders", SOURCE, null),
                () -> builder().ticker(null),
                () -> builder().healthTracker(null),
                () -> builder().listener(null),
                () -> Endpoint.of(null, 80),
                () -> Endpoint.parse(null),
                () -> EndpointSource.of((List<Endpoint>) null),
                () -> RequestContext.ofKey(null),
                () -> RequestContext.ofSession(null));
    }

    @ParameterizedTest
    @MethodSource("nullArguments")
    void nullIsRefusedAtOnce(Executable call) {
        assertThrows(NullPointerException.class, call);
    }

    @Test
    void aRefusedOrderChangesNothing() {
        try (Bench bench = Bench.with("a", "b")) {
            IllegalArgumentException unknown =
                    assertThrows(IllegalArgumentException.class, () -> bench.balancer.disable("x"));
            assertEquals("id: \"x\" (expected: one of a b)", unknown.getMessage());
            assertThrows(IllegalArgumentException.class, () -> bench.balancer.reweight("a", Double.NaN));
            assertThrows(IllegalArgumentException.class, () -> bench.balancer.drain("a", Duration.ofSeconds(-1)));
            assertThrows(NullPointerException.class, () -> bench.balancer.switchTo(null));
            assertEquals(Node.State.UP, bench.node("a").state());
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aDeliveryWithNullIsRefusedAndTheLastListStands() {
        try (Bench bench = Bench.with("a")) {
            assertThrows(NullPointerException.class, () -> bench.source.set((List<Endpoint>) null));
            assertThrows(
                    NullPointerException.class,
                    () -> bench.source.set(bench.node("a").endpoint(), null));
            assertEquals("a", bench.next());
        }
    }

    @Test
    void whatKeepsTheFirstEndpointsFromBeingPreparedIsThrownByBuild() {
        Balancer choosy = new Balancer() {
            @Override
            public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return candidates.get(0);
            }

            @Override
            public Balancer prepare(NodeSet candidates) {
                throw new IllegalArgumentException("shard: none (expected: an attribute)");
            }
        };
        LoadBalancerBuilder builder = LoadBalancer.builder("orders", SOURCE, choosy);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("shard: none (expected: an attribute)", e.getMessage());
    }

    @Test
    void aLatencyBelowZeroIsRefusedAndTheLeaseGoesOn() {
        try (Bench bench = Bench.with("a");
                Lease lease = bench.balancer.acquire(RequestContext.none())) {
            assertThrows(IllegalArgumentException.class, () -> lease.report(Outcome.SUCCESS, -1));
            assertThrows(IllegalArgumentException.class, () -> lease.broken(Outcome.SUCCESS));
            assertThrows(IllegalArgumentException.class, () -> lease.transferred(-1, 0));
            assertThrows(IllegalArgumentException.class, () -> lease.overloaded(Duration.ZERO));
            assertTrue(lease.report(Outcome.SUCCESS, 5));
        }
    }
}
