package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PinnedTest {
    private final VirtualTime time = new VirtualTime();
    private final RandomGenerator random = new SplittableRandom(14);
    private final NodeSet five = Nodes.equal(time, 5);

    private Balancer prepared(NodeSet nodes) {
        return Balancers.pinned(() -> random).prepare(nodes);
    }

    @Test
    void allRequestsGoToOneNode() {
        Balancer prepared = prepared(five);
        int pinned = Picks.next(prepared, five);
        assertEquals(1_000, Picks.counts(1_000, prepared, five)[pinned]);
    }

    @Test
    void clientsAreSpreadByWeight() {
        NodeSet nodes = Nodes.of(time, 1, 0, 3);
        int[] counts = new int[3];
        for (int i = 0; i < 4_000; i++) {
            counts[Picks.next(prepared(nodes), nodes)]++;
        }
        assertEquals(1_000, counts[0], 6 * 27.4, Arrays.toString(counts)); // binomial, p = 1/4
        assertEquals(0, counts[1]);
    }

    @Test
    void requestThatExcludesTheNodeMovesAllToAnotherOne() {
        Balancer prepared = prepared(five);
        int before = Picks.next(prepared, five);
        int after = Picks.next(prepared, five, Nodes.excluding(five.get(before)), 0);
        assertNotEquals(before, after);
        assertEquals(100, Picks.counts(100, prepared, five)[after], "it does not go back");
    }

    @Test
    void requestThatExcludesAnotherNodeMovesNothing() {
        Balancer prepared = prepared(five);
        int pinned = Picks.next(prepared, five);
        Node other = five.get((pinned + 1) % 5);
        assertEquals(pinned, Picks.next(prepared, five, Nodes.excluding(other), 0));
    }

    @Test
    void requestThatExcludesAllMovesNothing() {
        Balancer prepared = prepared(five);
        int pinned = Picks.next(prepared, five);
        RequestContext nobody = Nodes.excluding(five.get(0), five.get(1), five.get(2), five.get(3), five.get(4));
        assertNull(prepared.pick(five, nobody, 0));
        assertEquals(pinned, Picks.next(prepared, five));
    }

    @Test
    void updateMovesNothingWhileTheNodeIsThere() {
        for (int round = 0; round < 20; round++) {
            Balancer prepared = prepared(five);
            Node pinned = Objects.requireNonNull(prepared.pick(five, RequestContext.none(), 0));
            NodeSet two = five.filter(node -> node == pinned || node == five.get(0));
            assertEquals(pinned, prepared.prepare(two).pick(two, RequestContext.none(), 0));
            NodeSet without = five.filter(node -> node != pinned);
            Picks.next(prepared.prepare(without), without);
        }
    }

    @Test
    void nodeThatIsEjectedIsLeftForGood() {
        MutableEndpointSource source = MutableEndpointSource.of(Endpoint.of("a", 80), Endpoint.of("b", 80));
        try (LoadBalancer balancer = LoadBalancer.builder("orders", source, Balancers.pinned(() -> random))
                .ticker(time)
                .scheduler(time)
                .build()) {
            String first = use(balancer, Outcome.SUCCESS);
            for (int i = 0; i < 5; i++) {
                assertEquals(first, use(balancer, Outcome.FAILURE));
            }
            String second = use(balancer, Outcome.SUCCESS);
            assertNotEquals(first, second);
            time.advance(Duration.ofSeconds(30));
            use(balancer, Outcome.SUCCESS); // the trial of the first
            time.advance(Duration.ofSeconds(30));
            for (int i = 0; i < 10; i++) {
                assertEquals(second, use(balancer, Outcome.SUCCESS));
            }
        }
    }

    private static String use(LoadBalancer balancer, Outcome outcome) {
        try (Lease lease = balancer.acquire(RequestContext.none())) {
            lease.report(outcome);
            return lease.endpoint().id();
        }
    }

    @Test
    void firstTakesTheFirstOfTheListThatIsAllowed() {
        NodeSet nodes = Nodes.of(time, 0, 1, 5);
        Balancer first = Balancers.first().prepare(nodes);
        assertArrayEquals(new int[] {0, 10, 0}, Picks.counts(10, first, nodes));
        assertArrayEquals(new int[] {0, 0, 10}, Picks.counts(10, first, nodes, Nodes.excluding(nodes.get(1))));
        assertArrayEquals(new int[] {0, 10, 0}, Picks.counts(10, first, nodes), "it goes back");
    }

    @Test
    void firstFillsOneNodeAfterTheOther() {
        MutableEndpointSource source = MutableEndpointSource.of(
                Endpoint.of("a", 80).withMaxInFlight(2), Endpoint.of("b", 80).withMaxInFlight(2));
        try (LoadBalancer balancer = LoadBalancer.builder("orders", source, Balancers.first())
                        .ticker(time)
                        .scheduler(time)
                        .build();
                Lease one = balancer.acquire(RequestContext.none());
                Lease two = balancer.acquire(RequestContext.none());
                Lease three = balancer.acquire(RequestContext.none())) {
            assertEquals("a:80", one.endpoint().id());
            assertEquals("a:80", two.endpoint().id());
            assertEquals("b:80", three.endpoint().id());
        }
    }
}
