package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lb4j.balance.Balancers;
import io.lb4j.hash.ConsistentHash;
import io.lb4j.locality.Localities;
import io.lb4j.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of 32 bytes per request, through a whole LoadBalancer; in a JVM of its own, without agents. */
@Tag("allocation")
class LeaseAllocationTest {
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 200_000;

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of("roundRobin", Balancers.roundRobin()),
                Arguments.of("random", Balancers.random()),
                Arguments.of("leastRequests", Balancers.leastRequests()),
                Arguments.of("powerOfTwoChoices", Balancers.powerOfTwoChoices()),
                Arguments.of("leastResponseTime", Balancers.leastResponseTime()),
                Arguments.of("weightedRoundRobin", Balancers.weightedRoundRobin()),
                Arguments.of("weightedRandom", Balancers.weightedRandom()),
                Arguments.of("peakEwma", Balancers.peakEwma()),
                Arguments.of("byBusyness", Balancers.byBusyness()),
                Arguments.of("byTraffic", Balancers.byTraffic()),
                Arguments.of("heartbeat", Balancers.heartbeat()),
                Arguments.of("reportedLoad", Balancers.reportedLoad()),
                Arguments.of("pinned", Balancers.pinned()),
                Arguments.of("first", Balancers.first()),
                Arguments.of("maglev", ConsistentHash.maglev()),
                Arguments.of("ringHash", ConsistentHash.ringHash()),
                Arguments.of("ketama", ConsistentHash.ketama()),
                Arguments.of("nginxHash", ConsistentHash.nginxHash()),
                Arguments.of("rendezvous", ConsistentHash.rendezvous()),
                Arguments.of("bounded", ConsistentHash.bounded(ConsistentHash.maglev())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("algorithms")
    void aRequestCostsOneLeaseOf32Bytes(String name, Balancer algorithm) {
        EndpointSource source = EndpointSource.of("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        try (LoadBalancer balancer =
                LoadBalancer.builder("gate", source, algorithm).build()) {
            expect32Bytes(name, balancer);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("algorithms")
    void itCostsNoMoreWhileANodeIsEjected(String name, Balancer algorithm) {
        EndpointSource source = EndpointSource.of("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        VirtualTime time = new VirtualTime();
        try (LoadBalancer balancer = LoadBalancer.builder("gate", source, algorithm)
                .ticker(time)
                .scheduler(time)
                .build()) {
            try (Lease lease = balancer.nodes().get(0).acquire()) {
                assertTrue(lease.rest(Lease.LONGEST_OVERLOAD, "for the test"));
            }
            time.advance(Duration.ofSeconds(1)); // until the plan is made without it, picks are wasted
            expect32Bytes(name, balancer);
            assertEquals(Node.State.EJECTED, balancer.nodes().get(0).state());
        }
    }

    @Test
    void aRequestThatIsSplitBetweenRegionsCostsNoMore() {
        EndpointSource source = EndpointSource.of(
                Endpoint.of("10.0.0.1", 80).withZone("east"),
                Endpoint.of("10.0.0.2", 80).withZone("west"));
        LocalityPolicy split = Localities.weighted(Map.of("east", 2.0, "west", 1.0));
        try (LoadBalancer balancer = LoadBalancer.builder("gate", source, Balancers.leastResponseTime())
                .locality(split)
                .build()) {
            expect32Bytes("active-active", balancer);
        }
    }

    private static void expect32Bytes(String name, LoadBalancer balancer) {
        cycle(balancer, WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        cycle(balancer, MEASURED);
        double each = (threads.getCurrentThreadAllocatedBytes() - before) / (double) MEASURED;
        assertTrue(each <= 32.1, () -> name + ": " + each + " B per acquire, report and close");
    }

    private static void cycle(LoadBalancer balancer, int times) {
        RequestContext request = RequestContext.ofKey("customer-4711");
        for (int i = 0; i < times; i++) {
            try (Lease lease = balancer.acquire(request)) {
                lease.report(Outcome.SUCCESS, 1_000_000 + i);
            }
        }
    }
}
