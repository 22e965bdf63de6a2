package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private static Bench twoSlots(int queue) {
        return new Bench(
                builder -> queue == 0 ? builder : builder.queue(queue, Duration.ofSeconds(2)),
                MutableEndpointSource.of(
                        Bench.endpoint("a").withMaxInFlight(1),
                        Bench.endpoint("b").withMaxInFlight(1)),
                Bench.FIRST);
    }

    private static CompletableFuture<Lease> ask(Bench bench) {
        return bench.balancer.acquireAsync(RequestContext.none());
    }

    @Test
    void aFullNodeIsPassedOverAndAFullServiceSaysSo() {
        try (Bench bench = twoSlots(0);
                Lease a = bench.balancer.acquire(RequestContext.none());
                Lease b = bench.balancer.acquire(RequestContext.none())) {
            assertEquals("a", a.endpoint().id());
            assertEquals("b", b.endpoint().id());
            assertNull(bench.balancer.tryAcquire(RequestContext.none()));
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(Reason.ALL_AT_CAPACITY, e.reason());
        }
    }

    @Test
    void waitersAreServedInTheOrderTheyCame() throws Exception {
        try (Bench bench = twoSlots(10)) {
            Lease a = bench.balancer.acquire(RequestContext.none());
            Lease b = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> first = ask(bench);
            CompletableFuture<Lease> second = ask(bench);
            assertFalse(first.isDone());
            b.close();
            assertEquals("b", first.get().endpoint().id());
            assertFalse(second.isDone());
            a.close();
            assertEquals("a", second.get().endpoint().id());
            first.get().close();
            second.get().close();
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aNewRequestDoesNotOvertakeTheQueue() throws Exception {
        try (Bench bench = twoSlots(10)) {
            Lease a = bench.balancer.acquire(RequestContext.none());
            Lease b = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> first = ask(bench);
            CompletableFuture<Lease> late = ask(bench);
            a.close();
            assertTrue(first.isDone());
            assertFalse(late.isDone());
            first.get().close();
            late.get().close();
            b.close();
        }
    }

    @Test
    void aSlotThatComesFreeBetweenTheTryAndTheDiagnosisIsTaken() throws Exception {
        try (Bench bench = twoSlots(10)) {
            Lease a = bench.balancer.acquire(RequestContext.none());
            Lease b = bench.balancer.acquire(RequestContext.none());
            RequestContext freesWhenDiagnosed = new RequestContext() {
                @Override
                public boolean hasExclusions() {
                    boolean diagnosed = StackWalker.getInstance()
                            .walk(frames -> frames.anyMatch(
                                    frame -> frame.getClassName().equals(Diagnosis.class.getName())));
                    if (diagnosed) {
                        b.close();
                    }
                    return false;
                }
            };
            try (Lease freed = bench.balancer.acquireAsync(freesWhenDiagnosed).get()) {
                assertEquals("b", freed.endpoint().id());
            }
            a.close();
        }
    }

    @Test
    void aCancelledRequestLeavesTheQueue() throws Exception {
        try (Bench bench = twoSlots(1);
                Lease a = bench.balancer.acquire(RequestContext.none())) {
            Lease b = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> first = ask(bench);
            assertReason(Reason.ALL_AT_CAPACITY, ask(bench));
            first.cancel(false);
            CompletableFuture<Lease> next = ask(bench);
            b.close();
            assertEquals("b", next.get().endpoint().id());
            next.get().close();
            assertEquals("a", a.endpoint().id());
        }
    }

    @Test
    void theWaitInTheQueueEnds() {
        try (Bench bench = twoSlots(5);
                Lease a = bench.balancer.acquire(RequestContext.none());
                Lease b = bench.balancer.acquire(RequestContext.none())) {
            CompletableFuture<Lease> waiting = ask(bench);
            bench.advance(1_900);
            assertFalse(waiting.isDone());
            bench.advance(200);
            assertReason(Reason.QUEUE_TIMEOUT, waiting);
            assertEquals(1, a.node().inFlight() * b.node().inFlight());
        }
    }

    @Test
    void anEndpointThatJoinsServesTheQueue() throws Exception {
        try (Bench bench = twoSlots(5);
                Lease a = bench.balancer.acquire(RequestContext.none());
                Lease b = bench.balancer.acquire(RequestContext.none())) {
            CompletableFuture<Lease> waiting = ask(bench);
            bench.source.set(a.endpoint(), b.endpoint(), Bench.endpoint("c"));
            assertEquals("c", waiting.get().endpoint().id());
            waiting.get().close();
        }
    }

    @Test
    void closingEndsTheWait() {
        Bench bench = twoSlots(5);
        Lease a = bench.balancer.acquire(RequestContext.none());
        Lease b = bench.balancer.acquire(RequestContext.none());
        CompletableFuture<Lease> waiting = ask(bench);
        bench.close();
        assertTrue(waiting.isCompletedExceptionally());
        a.close();
        b.close();
    }

    private static void assertReason(Reason reason, CompletableFuture<Lease> failed) {
        ExecutionException e = assertThrows(ExecutionException.class, failed::get);
        assertEquals(reason, ((NoEndpointAvailableException) e.getCause()).reason());
    }

    // ------------------------------------------------------------------------------------------ the whole service

    @Test
    void theServiceAsAWholeHasALimitToo() {
        try (Bench bench = Bench.with(builder -> builder.maxInFlight(2), "a", "b", "c")) {
            Lease first = bench.balancer.acquire(RequestContext.none());
            Lease second = bench.balancer.acquire(RequestContext.none());
            assertNull(bench.balancer.tryAcquire(RequestContext.none()));
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(
                    "orders: no endpoint available, ALL_AT_CAPACITY (the service has its maxInFlight of 2)",
                    e.getMessage());
            assertThrows(
                    NoEndpointAvailableException.class, () -> bench.node("c").acquire());
            first.close();
            assertEquals("a", bench.next());
            second.close();
        }
    }

    @Test
    void requestsBeyondTheServicesLimitWaitInTheQueue() throws Exception {
        try (Bench bench =
                Bench.with(builder -> builder.maxInFlight(1).queue(1, Duration.ofSeconds(2)), "a", "b", "c")) {
            Lease first = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> waiting = ask(bench);
            assertFalse(waiting.isDone());
            assertReason(Reason.ALL_AT_CAPACITY, ask(bench));
            first.close();
            waiting.get().close();
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aRequestThatFindsNoNodeKeepsNoPlaceInTheService() {
        RuntimeException broken = new IllegalStateException("broken");
        boolean[] breaks = {true};
        Balancer algorithm = (nodes, request, now) -> {
            if (breaks[0]) {
                throw broken;
            }
            return nodes.get(0);
        };
        try (Bench bench = new Bench(
                builder -> builder.maxInFlight(1),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                algorithm)) {
            assertEquals(broken, assertThrows(IllegalStateException.class, () -> bench.next()));
            breaks[0] = false;
            bench.balancer.disable("a");
            assertNull(bench.balancer.tryAcquire(RequestContext.none()));
            bench.balancer.enable("a");
            assertEquals("a", bench.next());
        }
    }

    @Test
    @Tag("storm")
    void theServicesLimitIsExactUnderManyThreads() throws Exception {
        int threads = 8;
        int limit = 3;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        EndpointSource source = EndpointSource.of("10.0.0.1:80", "10.0.0.2:80");
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (LoadBalancer balancer = LoadBalancer.builder("storm", source, Bench.ANY)
                .maxInFlight(limit)
                .queue(threads, Duration.ofSeconds(30))
                .build()) {
            Callable<Integer> client = () -> {
                for (int i = 0; i < 20_000; i++) {
                    try (Lease lease = balancer.acquire(RequestContext.none())) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        lease.report(Outcome.SUCCESS);
                        inside.decrementAndGet();
                    }
                }
                return 20_000;
            };
            for (Future<Integer> done : pool.invokeAll(Collections.nCopies(threads, client))) {
                assertEquals(20_000, done.get());
            }
            assertTrue(most.get() <= limit, () -> most + " at once");
        } finally {
            pool.shutdownNow();
        }
    }

    // ------------------------------------------------------------------------------------------ permits

    @Test
    void whatATrackerDoesNotAdmitGoesElsewhereAndPermitsComeBack() {
        int[] permits = {1};
        HealthTracker oneAtA = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                return !node.endpoint().id().equals("a") || permits[0]-- > 0;
            }

            @Override
            public void onReleased() {
                if (node.endpoint().id().equals("a")) {
                    permits[0] = 1;
                }
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(oneAtA), "a", "b")) {
            Lease first = bench.balancer.acquire(RequestContext.none());
            assertEquals("a", first.endpoint().id());
            assertEquals("b", bench.next());
            assertEquals(1, first.node().inFlight());
            first.close();
            assertEquals("a", bench.next());
            bench.balancer.disable("b");
            permits[0] = 0;
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(Reason.RATE_LIMITED, e.reason());
        }
    }

    @Test
    void aKeyWhoseOwnersAreRefusedGoesToItsOwnNextOwner() {
        Set<String> closed = Set.of("a", "b", "c", "d", "e", "f");
        HealthTracker refusing = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                return !closed.contains(node.endpoint().id());
            }
        };
        try (Bench bench =
                Bench.with(builder -> builder.healthTracker(refusing), "a", "b", "c", "d", "e", "f", "g", "h", "i")) {
            for (int i = 0; i < 50; i++) {
                assertEquals("g", bench.next(), "the first in order, not a random one");
            }
        }
    }
}
