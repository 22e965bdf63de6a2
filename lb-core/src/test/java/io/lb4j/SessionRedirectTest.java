package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code redirect=} of Apache httpd: the sessions of a node that cannot take them go to the one that it names. */
class SessionRedirectTest {
    private static final RequestContext ALICE = RequestContext.ofSession("alice");

    private final Map<String, String> bindings = new HashMap<>();

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
    };

    private static Endpoint endpoint(String id, String redirect) {
        return Bench.endpoint(id).withRoute("route-" + id).withAttribute(Endpoint.REDIRECT, "route-" + redirect);
    }

    /** The algorithm alone would always take a; b hands its sessions on to c, c to d. */
    private Bench bench(SessionFallback fallback) {
        bindings.put("alice", "b");
        return new Bench(
                builder -> builder.stickiness(table, fallback),
                MutableEndpointSource.of(
                        Bench.endpoint("a"), endpoint("b", "c"), endpoint("c", "d"), endpoint("d", "b")),
                Bench.FIRST);
    }

    @ParameterizedTest
    @EnumSource(SessionFallback.class)
    void sessionsOfADisabledNodeGoToTheOneItNames(SessionFallback fallback) {
        try (Bench bench = bench(fallback)) {
            assertEquals("b", bench.next(ALICE));
            bench.balancer.disable("b");
            assertEquals("c", bench.next(ALICE));
            assertEquals(fallback == SessionFallback.DETOUR ? "b" : "c", bindings.get("alice"));
            assertEquals("a", bench.next(), "others go where the algorithm says");
            assertEquals("a", bench.next(RequestContext.ofSession("new")));
        }
    }

    @Test
    void aReturningNodeDoesNotStealWhatHasMoved() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.balancer.disable("b");
            assertEquals("c", bench.next(ALICE));
            bench.balancer.enable("b");
            assertEquals("c", bench.next(ALICE));
        }
    }

    @Test
    void anEjectedNodeHandsItsSessionsOnToo() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.fail("b", 5);
            assertEquals("c", bench.next(ALICE));
        }
    }

    @Test
    void aDrainingNodeKeepsItsSessionsAndHandsThemOnAtTheDeadline() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            CompletableFuture<Integer> drained = bench.balancer.drain("b", Duration.ofSeconds(60));
            bench.advance(59_000);
            assertEquals("b", bench.next(ALICE));
            bench.advance(1_100);
            assertTrue(drained.isDone());
            assertEquals("c", bench.next(ALICE));
        }
    }

    @Test
    void redirectsAreFollowedFromNodeToNode() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.balancer.disable("b");
            bench.balancer.disable("c");
            assertEquals("d", bench.next(ALICE));
        }
    }

    @Test
    void aDrainingNodeGetsNoSessionsOfOthers() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.balancer.disable("b");
            CompletableFuture<Integer> drained = bench.balancer.drain("c", Duration.ofSeconds(60));
            assertEquals("d", bench.next(ALICE));
            assertFalse(drained.isDone());
        }
    }

    @Test
    void redirectsThatGoRoundInCirclesEnd() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            bench.balancer.disable("b");
            bench.balancer.disable("c");
            bench.balancer.disable("d");
            assertEquals("a", bench.next(ALICE));
        }
        try (Bench bench = bench(SessionFallback.FAIL)) {
            bench.balancer.disable("b");
            bench.balancer.disable("c");
            bench.balancer.disable("d");
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next(ALICE));
            assertEquals(Reason.STICKY_TARGET_DOWN, e.reason());
        }
    }

    @Test
    void aRouteThatNobodyHasIsNoRedirect() {
        bindings.put("alice", "b");
        try (Bench bench = new Bench(
                builder -> builder.stickiness(table, SessionFallback.REBIND),
                MutableEndpointSource.of(Bench.endpoint("a"), endpoint("b", "nobody"), Bench.endpoint("c")),
                Bench.FIRST)) {
            bench.balancer.disable("b");
            assertEquals("a", bench.next(ALICE));
        }
    }

    @Test
    void aFullNodeKeepsItsSessions() {
        bindings.put("alice", "b");
        try (Bench bench = new Bench(
                builder -> builder.stickiness(table, SessionFallback.REBIND),
                MutableEndpointSource.of(
                        Bench.endpoint("a"), endpoint("b", "c").withMaxInFlight(1), Bench.endpoint("c")),
                Bench.FIRST)) {
            try (Lease busy = bench.balancer.acquire(ALICE)) {
                assertEquals("b", busy.endpoint().id());
                assertEquals("a", bench.next(ALICE));
            }
            assertEquals("b", bindings.get("alice"));
        }
    }

    @Test
    void theRetryOfARequestThatFailedGoesToTheHeirAndMovesNothing() {
        try (Bench bench = bench(SessionFallback.REBIND)) {
            RequestContext retry = new RequestContext() {
                @Override
                public String session() {
                    return "alice";
                }

                @Override
                public boolean hasExclusions() {
                    return true;
                }

                @Override
                public boolean excludes(Node node) {
                    return node.endpoint().id().equals("b");
                }
            };
            assertEquals("c", bench.next(retry));
            assertEquals("b", bench.next(ALICE));
        }
    }

    @Test
    void aLoadBalancerSaysWhetherItKeepsSessions() {
        try (Bench sticky = bench(SessionFallback.REBIND);
                Bench other = Bench.with("a")) {
            assertTrue(sticky.balancer.isSticky());
            assertFalse(other.balancer.isSticky());
        }
    }
}
