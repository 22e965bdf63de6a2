package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.hash.ConsistentHash;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that fails at once is never busy, never slow and transfers nothing: it must not look attractive for that. */
class FastFailureTest {
    private static final int REQUESTS = 20_000;
    private static final int NODES = 5;
    private static final int BROKEN = 3;

    private final VirtualTime time = new VirtualTime();
    private int toTheBrokenOne;

    static Stream<Arguments> loadAware() {
        return Stream.of(
                Arguments.of("leastRequests", Balancers.leastRequests()),
                Arguments.of("powerOfTwoChoices", Balancers.powerOfTwoChoices()),
                Arguments.of("leastResponseTime", Balancers.leastResponseTime()),
                Arguments.of("peakEwma", Balancers.peakEwma()),
                Arguments.of("byBusyness", Balancers.byBusyness()),
                Arguments.of("byTraffic", Balancers.byTraffic()),
                Arguments.of("byTraffic that forgets", Balancers.byTraffic(Duration.ofSeconds(5))),
                Arguments.of("heartbeat", Balancers.heartbeat()),
                Arguments.of("reportedLoad", Balancers.reportedLoad()),
                Arguments.of(
                        "least cost of a user",
                        Balancers.leastCost((nodes, i, now) -> nodes.get(i).latencyNanos(now))),
                Arguments.of("bounded maglev", ConsistentHash.bounded(ConsistentHash.maglev())),
                Arguments.of("bounded ring", ConsistentHash.bounded(ConsistentHash.ringHash())),
                Arguments.of("bounded ketama", ConsistentHash.bounded(ConsistentHash.ketama())),
                Arguments.of("bounded rendezvous", ConsistentHash.bounded(ConsistentHash.rendezvous())),
                Arguments.of("bounded jump", ConsistentHash.bounded(ConsistentHash.jump())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("loadAware")
    void serverThatFailsAtOnceGetsFarLessThanItsShare(String name, Balancer algorithm) {
        Endpoint[] endpoints = IntStream.range(0, NODES)
                .mapToObj(i -> Endpoint.of("node-" + i, 80))
                .toArray(Endpoint[]::new);
        try (LoadBalancer balancer = LoadBalancer.builder("orders", EndpointSource.of(endpoints), algorithm)
                .ticker(time)
                .scheduler(time)
                .build()) {
            for (int i = 0; i < REQUESTS; i++) {
                request(balancer, RequestContext.ofKey("key-" + i));
                time.advance(Duration.ofMillis(1));
            }
        }
        assertTrue(toTheBrokenOne < REQUESTS / 200, () -> name + ": " + toTheBrokenOne + " of " + REQUESTS);
        assertTrue(toTheBrokenOne >= 5, "it was never tried");
    }

    /** The others answer after 20 ms, so about 20 requests are in flight at any time. */
    private void request(LoadBalancer balancer, RequestContext request) {
        Lease lease = balancer.acquire(request);
        if (lease.endpoint().host().equals("node-" + BROKEN)) {
            toTheBrokenOne++;
            lease.report(Outcome.FAILURE);
            lease.close();
        } else {
            var ignored = time.schedule(() -> answer(lease), 20, TimeUnit.MILLISECONDS);
        }
    }

    private static void answer(Lease lease) {
        lease.transferred(500, 10_000);
        lease.report(Outcome.SUCCESS);
        lease.close();
    }
}
