package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class MembershipTest {
    @Test
    void anUpdateKeepsTheNodeAndTakesTheNewDescription() {
        try (Bench bench = Bench.with("a", "b")) {
            Node before = bench.node("a");
            bench.source.set(Bench.endpoint("a").withZone("west").withMaxInFlight(3), Bench.endpoint("c"));
            assertSame(before, bench.node("a"));
            assertEquals("west", before.endpoint().zone());
            assertNull(bench.balancer.nodes().find("b"));
            assertEquals(List.of("+a", "+b", "+c", "-b"), bench.events);
        }
    }

    @Test
    void aNodeThatReturnsWithinTheGraceIsTheSame() {
        try (Bench bench = Bench.with("a", "b")) {
            Node before = bench.node("b");
            bench.deliver("a");
            bench.advance(59_000);
            bench.deliver("a", "b");
            assertSame(before, bench.node("b"));
            assertEquals(Node.State.UP, before.state());
        }
    }

    @Test
    void aNodeThatReturnsAfterTheGraceIsNew() {
        try (Bench bench = Bench.with("a", "b")) {
            Node before = bench.node("b");
            bench.deliver("a");
            bench.advance(61_000);
            bench.deliver("a", "b");
            assertNotSame(before, bench.node("b"));
        }
    }

    @Test
    void aNodeThatHasLeftGetsNothingAndItsLeasesFinish() {
        try (Bench bench = Bench.with("a", "b")) {
            Lease lease = bench.balancer.acquire(RequestContext.none());
            assertEquals("a", lease.endpoint().id());
            bench.deliver("b");
            assertEquals("b", bench.next());
            assertTrue(lease.report(Outcome.SUCCESS));
            lease.close();
            assertEquals(0, lease.node().inFlight());
        }
    }

    @Test
    void aRequestThatIsChoosingWhileAllEndpointsAreReplacedIsServedByTheNewOnes() {
        try (Bench bench = Bench.with("a")) {
            List<String> next = new ArrayList<>(List.of("b", "c"));
            bench.balancer.switchTo((nodes, request, now) -> {
                if (!next.isEmpty()) {
                    bench.deliver(next.remove(0));
                }
                return nodes.get(0);
            });
            try (Lease lease = bench.balancer.tryAcquire(RequestContext.none())) {
                assertNotNull(lease);
                assertEquals("c", lease.endpoint().id());
            }
        }
    }

    @Test
    void somebodyServesWhileAllEndpointsAreReplaced() {
        List<String> served = new ArrayList<>();
        LoadBalancer[] balancer = new LoadBalancer[1];
        Balancer asked = new Balancer() {
            @Override
            public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return candidates.get(0);
            }

            @Override
            public Balancer prepare(NodeSet candidates) {
                if (balancer[0] != null) {
                    try (Lease lease = balancer[0].acquire(RequestContext.none())) {
                        served.add(lease.endpoint().id());
                    }
                }
                return this;
            }
        };
        try (Bench bench = new Bench(builder -> builder, MutableEndpointSource.of(Bench.endpoints("a", "b")), asked)) {
            balancer[0] = bench.balancer;
            bench.deliver("c", "d");
            assertEquals(List.of("a"), served, "the old ones serve until the new ones are ready");
            assertEquals("c", bench.next());
        }
    }

    @Test
    void anAlgorithmIsPreparedAgainForANewDescription() {
        List<String> zones = new ArrayList<>();
        Balancer byZone = new Balancer() {
            @Override
            public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return candidates.get(0);
            }

            @Override
            public Balancer prepare(NodeSet candidates) {
                zones.add(candidates.get(0).endpoint().zone());
                return this;
            }
        };
        Endpoint a = Bench.endpoint("a");
        try (Bench bench = new Bench(builder -> builder, MutableEndpointSource.of(a.withZone("x")), byZone)) {
            bench.source.set(a.withZone("y"));
            bench.source.set(a.withZone("y"));
            assertEquals(List.of("x", "y"), zones);
        }
    }

    @Test
    void anEmptyDeliveryIsHeldAndThenBelieved() {
        try (Bench bench = Bench.with("a")) {
            bench.source.set();
            bench.advance(29_900);
            assertEquals("a", bench.next());
            bench.advance(200);
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(Reason.EMPTY, e.reason());
        }
    }

    @Test
    void aDeliveryEndsTheHoldOfAnEmptyOne() {
        try (Bench bench = Bench.with("a")) {
            bench.source.set();
            bench.advance(20_000);
            bench.deliver("a", "b");
            bench.advance(20_000);
            assertEquals(2, bench.balancer.nodes().size());
        }
    }

    @Test
    void anErrorKeepsTheLastListAndIsTold() {
        try (Bench bench = Bench.with("a")) {
            bench.source.fail(new IllegalStateException("registry down"));
            assertEquals("a", bench.next());
            assertTrue(bench.events.contains("error registry down"));
        }
    }

    @Test
    void identicalDuplicatesCollapse() {
        try (Bench bench = Bench.with("a", "a", "b")) {
            assertEquals(2, bench.balancer.nodes().size());
            assertFalse(bench.events.stream().anyMatch(event -> event.startsWith("error")));
        }
    }

    @Test
    void conflictingDuplicatesKeepTheLastTruthAndFreezeNothing() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.source.set(
                    Bench.endpoint("a").withWeight(2), Bench.endpoint("a").withWeight(3), Bench.endpoint("c"));
            assertEquals(1, bench.node("a").endpoint().weight());
            assertEquals(Set.of("a", "c"), ids(bench));
            assertTrue(bench.events.stream().anyMatch(event -> event.startsWith("error endpoints: \"a\"")));

            bench.source.set(Bench.endpoint("a").withWeight(2));
            assertEquals(2, bench.node("a").endpoint().weight());
        }
    }

    @Test
    void aConflictAboutAnUnknownIdDropsOnlyThatId() {
        try (Bench bench = new Bench(
                builder -> builder,
                MutableEndpointSource.of(
                        Bench.endpoint("x").withWeight(1), Bench.endpoint("x").withWeight(2), Bench.endpoint("b")),
                Bench.FIRST)) {
            assertEquals(Set.of("b"), ids(bench));
        }
    }

    private static Set<String> ids(Bench bench) {
        Set<String> ids = new java.util.HashSet<>();
        bench.balancer.nodes().forEach(node -> ids.add(node.endpoint().id()));
        return ids;
    }

    // ------------------------------------------------------------------------------------------ readiness

    @Test
    void aRequestWaitsForTheFirstDelivery() throws Exception {
        try (Bench bench = new Bench(builder -> builder, MutableEndpointSource.pending(), Bench.FIRST)) {
            assertFalse(bench.balancer.ready().isDone());
            assertNull(bench.balancer.tryAcquire(RequestContext.none()));
            CompletableFuture<Lease> waiting = bench.balancer.acquireAsync(RequestContext.none());
            assertFalse(waiting.isDone());
            bench.deliver("a");
            assertTrue(bench.balancer.ready().isDone());
            assertEquals("a", waiting.get().endpoint().id());
            waiting.get().close();
        }
    }

    @Test
    void theWaitForTheFirstDeliveryEndsAfterFiveSeconds() {
        try (Bench bench = new Bench(builder -> builder, MutableEndpointSource.pending(), Bench.FIRST)) {
            CompletableFuture<Lease> waiting = bench.balancer.acquireAsync(RequestContext.none());
            bench.advance(4_900);
            assertFalse(waiting.isDone());
            bench.advance(200);
            ExecutionException e = assertThrows(ExecutionException.class, waiting::get);
            NoEndpointAvailableException why = (NoEndpointAvailableException) e.getCause();
            assertEquals(Reason.NOT_READY, why.reason());
            assertEquals(0, why.getStackTrace().length);
        }
    }

    @Test
    void aFirstDeliveryThatIsEmptyIsReadyAndSaysSo() {
        try (Bench bench = new Bench(builder -> builder, MutableEndpointSource.of(), Bench.FIRST)) {
            assertTrue(bench.balancer.ready().isDone());
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(Reason.EMPTY, e.reason());
            assertEquals("orders", e.service());
        }
    }

    @Test
    void afterCloseEveryUseSaysSo() {
        Bench bench = Bench.with("a");
        Lease lease = bench.balancer.acquire(RequestContext.none());
        bench.close();
        assertThrows(IllegalStateException.class, () -> bench.balancer.acquire(RequestContext.none()));
        assertThrows(IllegalStateException.class, () -> bench.balancer.tryAcquire(RequestContext.none()));
        assertThrows(IllegalStateException.class, () -> bench.balancer.drain("a", java.time.Duration.ofSeconds(1)));
        lease.close();
        assertEquals(0, lease.node().inFlight());
        assertEquals(0, bench.time.waiting(), "no timer survives");
    }
}
