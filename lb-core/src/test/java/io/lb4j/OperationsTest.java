package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void aDisabledEndpointGetsNothingUntilItIsEnabled() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.disable("a");
            assertEquals(Node.State.DISABLED, bench.node("a").state());
            assertEquals("b", bench.next());
            bench.balancer.enable("a");
            assertEquals("a", bench.next());
        }
    }

    @Test
    void anOrderWinsOverLaterDeliveries() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.disable("a");
            bench.balancer.reweight("b", 7);
            bench.source.set(
                    Bench.endpoint("a").withZone("x"), Bench.endpoint("b").withWeight(3));
            assertEquals(Node.State.DISABLED, bench.node("a").state());
            assertEquals(7, weight(bench, "b"));
            bench.balancer.resetWeight("b");
            assertEquals(3, weight(bench, "b"));
        }
    }

    @Test
    void anOrderOutlivesTheNode() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.disable("a");
            bench.deliver("b");
            bench.advance(120_000);
            bench.deliver("a", "b");
            assertEquals(Node.State.DISABLED, bench.node("a").state());
        }
    }

    @Test
    void ordersForEndpointsThatDoNotReturnAreForgottenInTheEnd() {
        try (Bench bench = Bench.with("keep", "drains", "first")) {
            bench.balancer.disable("keep");
            bench.balancer.disable("first");
            Lease lease = bench.node("drains").acquire();
            CompletableFuture<Integer> drained = bench.balancer.drain("drains", Duration.ofDays(1));
            bench.deliver("keep");
            for (int i = 0; i < 1_000; i++) {
                bench.deliver("keep", "n" + i);
                bench.balancer.disable("n" + i);
            }
            bench.deliver("keep", "first", "n998");
            assertEquals(Node.State.DISABLED, bench.node("keep").state(), "it never left");
            assertEquals(Node.State.DISABLED, bench.node("n998").state());
            assertEquals(Node.State.UP, bench.node("first").state(), "it was away for longest");
            lease.close();
            bench.advance(100);
            assertTrue(drained.isDone(), "a drain that runs is not forgotten");
        }
    }

    private static double weight(Bench bench, String id) {
        NodeSet all = bench.balancer.nodes();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).endpoint().id().equals(id)) {
                return all.weight(i);
            }
        }
        throw new AssertionError(id);
    }

    @Test
    void weightZeroGetsNoNewRequests() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.reweight("a", 0);
            assertEquals("b", bench.next());
        }
    }

    @Test
    void disablingEveryEndpointIsSaidClearly() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.disable("a");
            bench.balancer.disable("b");
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(Reason.ALL_DISABLED, e.reason());
            assertTrue(e.getMessage().contains("a DISABLED"), e.getMessage());
        }
    }

    // ------------------------------------------------------------------------------------------ drain

    @Test
    void aDrainEndsWhenTheLastRequestDoes() {
        try (Bench bench = Bench.with("a", "b")) {
            Lease lease = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Integer> drained = bench.balancer.drain("a", LONG);
            assertEquals(Node.State.DRAINING, bench.node("a").state());
            assertEquals("b", bench.next());
            bench.advance(1_000);
            assertFalse(drained.isDone());
            lease.report(Outcome.SUCCESS);
            lease.close();
            assertEquals(0, drained.join());
            assertEquals(Node.State.DISABLED, bench.node("a").state());
            assertEquals("drained", bench.node("a").reason());
        }
    }

    @Test
    void aDrainOfAnIdleEndpointEndsAtOnce() {
        try (Bench bench = Bench.with("a", "b")) {
            assertEquals(0, bench.balancer.drain("a", LONG).join());
        }
    }

    @Test
    void aDrainEndsAtItsDeadlineAndSaysWhatIsLeft() {
        try (Bench bench = Bench.with("a", "b")) {
            try (Lease one = bench.balancer.acquire(RequestContext.none());
                    Lease two = bench.balancer.acquire(RequestContext.none())) {
                assertSame(one.node(), two.node());
                CompletableFuture<Integer> drained = bench.balancer.drain("a", Duration.ofSeconds(30));
                bench.advance(29_000);
                assertFalse(drained.isDone());
                bench.advance(1_100);
                assertEquals(2, drained.join());
            }
        }
    }

    @Test
    void undrainTakesTheEndpointBackAndCancelsTheFuture() {
        try (Bench bench = Bench.with("a", "b");
                Lease lease = bench.balancer.acquire(RequestContext.none())) {
            CompletableFuture<Integer> drained = bench.balancer.drain("a", LONG);
            bench.balancer.undrain("a");
            assertTrue(drained.isCancelled());
            assertEquals("a", bench.next());
            assertEquals("a", lease.endpoint().id());
        }
    }

    @Test
    void anEndedDrainIsUndoneToo() {
        try (Bench bench = Bench.with("a", "b")) {
            assertEquals(0, bench.balancer.drain("a", LONG).join());
            bench.balancer.undrain("a");
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aSecondDrainSetsTheDeadlineAndBothEndTogether() {
        try (Bench bench = Bench.with("a", "b");
                Lease lease = bench.balancer.acquire(RequestContext.none())) {
            CompletableFuture<Integer> first = bench.balancer.drain("a", LONG);
            CompletableFuture<Integer> second = bench.balancer.drain("a", Duration.ofSeconds(1));
            bench.advance(1_100);
            assertEquals(1, first.join());
            assertEquals(1, second.join());
            assertEquals("a", lease.endpoint().id());
        }
    }

    @Test
    void anEndpointThatLeavesWhileItDrainsStillEndsTheDrain() {
        try (Bench bench = Bench.with("a", "b")) {
            Lease lease = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Integer> drained = bench.balancer.drain("a", LONG);
            bench.deliver("b");
            assertFalse(drained.isDone());
            lease.close();
            assertEquals(0, drained.join());
        }
    }

    @Test
    void anEndpointThatReturnsAsAnotherNodeWhileItDrainsEndsDisabled() {
        try (Bench bench = Bench.with("a", "b")) {
            Lease lease = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Integer> drained = bench.balancer.drain("a", LONG);
            bench.deliver("b");
            bench.advance(61_000);
            bench.deliver("a", "b");
            assertNotSame(lease.node(), bench.node("a"));
            assertEquals(Node.State.DRAINING, bench.node("a").state());
            assertFalse(drained.isDone(), "the server still works on a request");
            lease.close();
            assertEquals(0, drained.getNow(-1));
            assertEquals(Node.State.DISABLED, bench.node("a").state());
        }
    }

    @Test
    void aSourceMayDrainToo() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.source.set(Bench.endpoint("a").withDraining(true), Bench.endpoint("b"));
            assertEquals(Node.State.DRAINING, bench.node("a").state());
            assertEquals("b", bench.next());
            bench.deliver("a", "b");
            assertEquals("a", bench.next());
        }
    }

    @Test
    void drainingEndpointsServeWhenThereIsNothingElse() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.source.set(Bench.endpoint("a").withDraining(true), Bench.endpoint("b"));
            bench.balancer.disable("b");
            assertEquals("a", bench.next());
        }
    }

    // ------------------------------------------------------------------------------------------ switchTo

    @Test
    void switchingTheAlgorithmKeepsEveryMeasurement() {
        try (Bench bench = Bench.with("a", "b")) {
            Lease open = bench.balancer.acquire(RequestContext.none());
            bench.advance(40);
            bench.next();
            bench.fail("b", 2);
            Node a = bench.node("a");
            Node b = bench.node("b");
            long now = bench.time.nanoTime();
            double latency = a.latencyNanos(now);
            double failures = b.failureRate(now);

            bench.balancer.switchTo((nodes, request, at) -> nodes.get(nodes.size() - 1));
            assertEquals("b", bench.next());
            assertSame(a, bench.node("a"));
            assertEquals(latency, a.latencyNanos(now));
            assertEquals(1, a.inFlight());
            assertTrue(failures > 0 && b.failureRate(bench.time.nanoTime()) > 0);
            open.close();
            assertEquals(0, a.inFlight());
        }
    }

    @Test
    void anAlgorithmThatCannotPrepareLeavesTheOldOneInPlace() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.switchTo(new Balancer() {
                @Override
                public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                    return candidates.get(1);
                }

                @Override
                public Balancer prepare(NodeSet candidates) {
                    throw new IllegalArgumentException("not with these");
                }
            });
            assertEquals("a", bench.next());
        }
    }

    /** A plan without it was never published, so it has not left. */
    @Test
    void anOrderForAnEndpointThatIsAboutToLeaveHoldsIfItStays() {
        boolean[] broken = {false};
        Balancer breaking = new Balancer() {
            @Override
            public Balancer prepare(NodeSet candidates) {
                if (broken[0]) {
                    throw new IllegalStateException("cannot prepare");
                }
                return this;
            }

            @Override
            public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return candidates.get(0);
            }
        };
        try (Bench bench =
                new Bench(builder -> builder, MutableEndpointSource.of(Bench.endpoints("a", "b")), breaking)) {
            broken[0] = true;
            bench.deliver("b");
            bench.balancer.reweight("a", 7);
            broken[0] = false;
            bench.deliver("a", "b");
            for (int i = 0; i < 1_001; i++) {
                bench.deliver("a", "b", "n" + i);
                bench.balancer.disable("n" + i);
            }
            bench.deliver("a", "b");
            assertEquals(7, weight(bench, "a"));
        }
    }
}
