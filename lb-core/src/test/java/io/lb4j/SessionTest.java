package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final RequestContext ALICE = RequestContext.ofSession("alice");

    private final Map<String, String> bindings = new HashMap<>();
    private final List<String> forgotten = new ArrayList<>();

    private final StickinessPolicy table = new StickinessPolicy() {
        @Override
        public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
            String id = bindings.get(session);
            return id == null ? null : all.find(id);
        }

        @Override
        public void bind(String session, Node node, long nowNanos) {
            bindings.put(session, node.endpoint().id());
        }

        @Override
        public void forget(Node node) {
            forgotten.add(node.endpoint().id());
        }
    };

    private Bench bench(SessionFallback fallback) {
        bindings.put("alice", "b");
        return Bench.with(builder -> builder.stickiness(table, fallback), "a", "b", "c");
    }

    @Test
    void aSessionStaysWhereItIsBound() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            assertEquals("b", bench.next(ALICE));
            assertEquals("a", bench.next());
        }
    }

    @Test
    void onlyASuccessBinds() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            RequestContext bob = RequestContext.ofSession("bob");
            try (Lease lease = bench.balancer.acquire(bob)) {
                lease.report(Outcome.FAILURE);
            }
            assertFalse(bindings.containsKey("bob"));
            assertEquals("a", bench.next(bob));
            assertEquals("a", bindings.get("bob"));
        }
    }

    @Test
    void rebindingMovesTheSessionForGood() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.fail("b", 5);
            assertEquals("a", bench.next(ALICE));
            bench.advance(1_050);
            assertEquals("b", bench.next(), "the trial");
            assertEquals("a", bench.next(ALICE));
        }
    }

    @Test
    void aDetourKeepsTheBinding() {
        try (Bench bench = bench(SessionFallback.DETOUR)) {
            bench.fail("b", 5);
            assertEquals("a", bench.next(ALICE));
            assertEquals("b", bindings.get("alice"));
        }
    }

    @Test
    void aSessionThatMustNotMoveFailsClearly() {
        try (Bench bench = bench(SessionFallback.FAIL)) {
            bench.balancer.disable("b");
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next(ALICE));
            assertEquals(Reason.STICKY_TARGET_DOWN, e.reason());
            assertEquals("a", bench.next(RequestContext.ofSession("new")));
        }
    }

    @Test
    void aSessionMayItselfTryItsEjectedNode() {
        for (SessionFallback fallback : SessionFallback.values()) {
            try (Bench bench = bench(fallback)) {
                bench.fail("b", 5);
                bench.advance(1_050);
                assertEquals("b", bench.next(ALICE), fallback.name());
                assertEquals(Node.State.UP, bench.node("b").state());
            }
        }
    }

    @Test
    void aNewSessionMayTryAnEjectedNode() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.fail("c", 5);
            bench.advance(1_050);
            assertEquals("c", bench.next(RequestContext.ofSession("new")));
            assertEquals("c", bindings.get("new"));
        }
    }

    @Test
    void aFullNodeDoesNotLoseItsSessions() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.source.set(Bench.endpoint("a"), Bench.endpoint("b").withMaxInFlight(1));
            try (Lease busy = bench.balancer.acquire(ALICE)) {
                assertEquals("b", busy.endpoint().id());
                assertEquals("a", bench.next(ALICE));
                assertEquals("b", bindings.get("alice"));
            }
        }
    }

    @Test
    void drainingKeepsBoundSessionsUntilTheDeadline() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            CompletableFuture<Integer> drained = bench.balancer.drain("b", Duration.ofSeconds(60));
            assertEquals("b", bench.next(ALICE));
            assertEquals("a", bench.next(RequestContext.ofSession("new")));
            bench.advance(59_000);
            assertEquals("b", bench.next(ALICE));
            bench.advance(1_100);
            assertEquals(0, drained.join());
            assertEquals("a", bench.next(ALICE));
        }
    }

    @Test
    void weightZeroKeepsBoundSessions() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.balancer.reweight("b", 0);
            assertEquals("b", bench.next(ALICE));
        }
    }

    @Test
    void aNodeIsForgottenOnlyAfterTheGrace() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.deliver("a", "c");
            bench.advance(59_000);
            assertTrue(forgotten.isEmpty());
            bench.advance(2_000);
            assertEquals(List.of("b"), forgotten);
        }
    }

    @Test
    void aSessionThatMustNotMoveWaitsForASlotOfItsNode() {
        bindings.put("alice", "b");
        try (Bench bench = new Bench(
                builder -> builder.stickiness(table, SessionFallback.FAIL).queue(5, Duration.ofSeconds(2)),
                MutableEndpointSource.of(
                        Bench.endpoint("a"), Bench.endpoint("b").withMaxInFlight(1)),
                Bench.FIRST)) {
            Lease busy = bench.balancer.acquire(ALICE);
            CompletableFuture<Lease> waiting = bench.balancer.acquireAsync(ALICE);
            assertFalse(waiting.isDone());
            busy.close();
            assertTrue(waiting.isDone());
            try (Lease lease = waiting.join()) {
                assertEquals("b", lease.endpoint().id());
            }
        }
    }

    @Test
    void nothingIsBoundToANodeThatIsGone() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            RequestContext bob = RequestContext.ofSession("bob");
            try (Lease lease = bench.balancer.acquire(bob)) {
                bench.deliver("b", "c");
                bench.advance(61_000);
                assertEquals(List.of("a"), forgotten);
                lease.report(Outcome.SUCCESS);
            }
            assertFalse(bindings.containsKey("bob"));
        }
    }

    @Test
    void aPolicyThatThrowsOnBindHarmsNoAccount() {
        StickinessPolicy broken = new StickinessPolicy() {
            @Override
            public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
                return null;
            }

            @Override
            public void bind(String session, Node node, long nowNanos) {
                throw new IllegalStateException("table full");
            }
        };
        try (Bench bench = Bench.with(builder -> builder.stickiness(broken, SessionFallback.REBIND), "a")) {
            assertEquals("a", bench.next(ALICE));
            assertEquals(0, bench.node("a").inFlight());
        }
    }
}
