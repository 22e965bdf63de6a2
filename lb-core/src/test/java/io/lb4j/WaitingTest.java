package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests that wait, for a slot or for the first delivery. */
class WaitingTest {
    private static final RequestContext NOWHERE = new RequestContext() {
        @Override
        public boolean hasExclusions() {
            return true;
        }

        @Override
        public boolean excludes(Node node) {
            return true;
        }
    };

    private static Bench oneSlot(int queue) {
        return new Bench(
                builder -> queue == 0 ? builder : builder.queue(queue, Duration.ofSeconds(2)),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                Bench.FIRST);
    }

    private static Bench pending() {
        return new Bench(builder -> builder, MutableEndpointSource.pending(), Bench.FIRST);
    }

    private static Reason reason(CompletableFuture<Lease> failed) {
        ExecutionException e = assertThrows(ExecutionException.class, failed::get);
        return ((NoEndpointAvailableException) e.getCause()).reason();
    }

    private static CompletableFuture<Lease> ask(Bench bench) {
        return bench.balancer.acquireAsync(RequestContext.none());
    }

    // ------------------------------------------------------------------------------------------ the first delivery

    @Test
    void theFirstDeliveryEndsTheWaitAlsoOfRequestsItCannotServe() {
        try (Bench bench = pending()) {
            CompletableFuture<Lease> none = bench.balancer.acquireAsync(NOWHERE);
            bench.deliver("a");
            assertTrue(none.isDone());
            assertEquals(Reason.ALL_EXCLUDED, reason(none));
        }
        try (Bench bench = pending()) {
            CompletableFuture<Lease> none = ask(bench);
            bench.source.set(List.of());
            assertTrue(none.isDone());
            assertEquals(Reason.EMPTY, reason(none));
        }
    }

    @Test
    void aRequestThatStillWaitsKeepsNoOtherFromAFreeSlot() {
        try (Bench bench = pending()) {
            CompletableFuture<Lease> first = ask(bench);
            CompletableFuture<Lease> second = ask(bench);
            bench.source.set(Bench.endpoint("a").withMaxInFlight(1));
            assertTrue(first.isDone());
            assertEquals(Reason.ALL_AT_CAPACITY, reason(second));
        }
    }

    @Test
    void theReadinessWaitGoesOnInTheQueueIfThereIsOne() throws Exception {
        try (Bench bench = new Bench(
                builder -> builder.queue(5, Duration.ofSeconds(2)), MutableEndpointSource.pending(), Bench.FIRST)) {
            CompletableFuture<Lease> first = ask(bench);
            CompletableFuture<Lease> second = ask(bench);
            bench.source.set(Bench.endpoint("a").withMaxInFlight(1));
            assertFalse(second.isDone());
            first.get().close();
            assertTrue(second.isDone());
            second.get().close();
        }
    }

    // ------------------------------------------------------------------------------------------ the queue

    @Test
    void whoeverIsServedMayAcquireAgainAtOnce() {
        try (Bench bench = oneSlot(5)) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            List<String> seen = new ArrayList<>();
            CompletableFuture<Void> done = ask(bench).thenAccept(lease -> {
                lease.close();
                seen.add(bench.next());
            });
            assertTimeoutPreemptively(Duration.ofSeconds(10), busy::close);
            assertTrue(done.isDone());
            assertEquals(List.of("a"), seen);
        }
    }

    @Test
    void whoeverIsServedMayTakeItsTimeWithoutStoppingTheQueue() throws Exception {
        try (Bench bench = new Bench(
                builder -> builder.queue(5, Duration.ofSeconds(2)),
                MutableEndpointSource.of(
                        Bench.endpoint("a").withMaxInFlight(1),
                        Bench.endpoint("b").withMaxInFlight(1)),
                Bench.FIRST)) {
            Lease a = bench.balancer.acquire(RequestContext.none());
            Lease b = bench.balancer.acquire(RequestContext.none());
            CountDownLatch working = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            CompletableFuture<Void> slow = ask(bench).thenAccept(lease -> {
                working.countDown();
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> end.await());
                lease.close();
            });
            CompletableFuture<Lease> next = ask(bench);
            Thread closer = new Thread(a::close);
            closer.start();
            working.await();
            b.close();
            boolean served = next.isDone();
            end.countDown();
            closer.join();
            slow.join();
            assertTrue(served, "the slot of b was free");
            next.join().close();
        }
    }

    @Test
    void aLongChainOfWaitersNeedsNoDeepStack() {
        try (Bench bench = new Bench(
                builder -> builder.queue(50_000, Duration.ofSeconds(2)),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                Bench.FIRST)) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                all.add(ask(bench).thenAccept(Lease::close));
            }
            busy.close();
            assertTrue(all.stream().allMatch(each -> each.isDone() && !each.isCompletedExceptionally()));
            assertEquals(0, bench.node("a").inFlight());
        }
    }

    @Test
    void aSlotGivenBackByARefusedRequestIsOfferedAgain() throws Exception {
        List<Runnable> meanwhile = new ArrayList<>();
        boolean[] refuse = {false};
        HealthTracker tracker = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                if (!refuse[0] || request != NEVER) {
                    return true;
                }
                meanwhile.forEach(Runnable::run);
                return false;
            }
        };
        try (Bench bench = new Bench(
                builder -> builder.queue(5, Duration.ofSeconds(2)).healthTracker(tracker),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                Bench.FIRST)) {
            refuse[0] = true;
            List<CompletableFuture<Lease>> waiting = new ArrayList<>();
            meanwhile.add(() -> waiting.add(ask(bench)));
            bench.balancer.tryAcquire(NEVER);
            assertEquals(1, waiting.size());
            bench.advance(100);
            assertTrue(waiting.get(0).isDone(), "nobody holds the slot");
            waiting.get(0).get().close();
        }
    }

    private static final RequestContext NEVER = new RequestContext() {};

    @Test
    void aSlotThatComesFreeDuringTheDiagnosisIsTaken() {
        for (int queue : new int[] {0, 5}) {
            try (Bench bench = oneSlot(queue)) {
                RequestContext late = new WhenDiagnosed(bench.balancer.acquire(RequestContext.none())::close);
                CompletableFuture<Lease> lease = bench.balancer.acquireAsync(late);
                assertTrue(lease.isDone() && !lease.isCompletedExceptionally(), "queue " + queue);
                lease.join().close();
            }
        }
    }

    @Test
    void aPolicyThatFailsWhileTimeIsUpStopsNoOtherDeadline() {
        boolean[] angry = {false};
        StickinessPolicy policy = new StickinessPolicy() {
            @Override
            public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
                if (angry[0]) {
                    throw new IllegalStateException("lookup");
                }
                return null;
            }

            @Override
            public void bind(String session, Node node, long nowNanos) {}
        };
        try (Bench bench = new Bench(
                builder -> builder.queue(5, Duration.ofSeconds(2)).stickiness(policy, SessionFallback.FAIL),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                Bench.FIRST)) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> first = ask(bench);
            CompletableFuture<Lease> second = bench.balancer.acquireAsync(RequestContext.ofSession("s"));
            CompletableFuture<Lease> third = ask(bench);
            angry[0] = true;
            bench.advance(2_100);
            assertTrue(first.isCompletedExceptionally());
            assertTrue(second.isCompletedExceptionally());
            assertTrue(third.isCompletedExceptionally());
            busy.close();
        }
    }

    @Test
    void anErrorInAnAlgorithmDoesNotEndTheQueue() throws Exception {
        boolean[] angry = {false};
        Balancer moody = (nodes, request, now) -> {
            if (angry[0]) {
                throw new AssertionError("pick");
            }
            return Bench.FIRST.pick(nodes, request, now);
        };
        try (Bench bench = new Bench(
                builder -> builder.queue(5, Duration.ofSeconds(2)),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                moody)) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> unlucky = ask(bench);
            angry[0] = true;
            busy.close();
            angry[0] = false;
            assertTrue(unlucky.isCompletedExceptionally());
            Lease again = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> next = ask(bench);
            again.close();
            next.get().close();
        }
    }

    private static Bench oneSlotNever() {
        HealthTracker notNever = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                return request != NEVER;
            }
        };
        return new Bench(
                builder -> builder.queue(100, Duration.ofSeconds(2)).healthTracker(notNever),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                Bench.FIRST);
    }

    /** A tracker may take one request and not another, so a slot that the first in line cannot have is not kept for it. */
    @Test
    void whoeverIsRefusedByATrackerKeepsNoOtherFromAFreeSlot() throws Exception {
        try (Bench bench = oneSlotNever()) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> refused = bench.balancer.acquireAsync(NEVER);
            CompletableFuture<Lease> behind = ask(bench);
            CompletableFuture<Lease> last = ask(bench);
            busy.close();
            assertTrue(behind.isDone());
            assertFalse(refused.isDone() || last.isDone());
            behind.get().close();
            assertTrue(last.isDone());
            last.get().close();
            assertFalse(refused.isDone());
        }
    }

    /** Each free slot would otherwise cost as many tries as there are requests in the queue. */
    @Test
    void onlySoManyRefusedRequestsArePassedOver() throws Exception {
        try (Bench bench = oneSlotNever()) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Lease> ignored = bench.balancer.acquireAsync(NEVER);
            }
            bench.advance(500);
            CompletableFuture<Lease> behind = ask(bench);
            busy.close();
            assertFalse(behind.isDone());
            bench.advance(1_700);
            assertTrue(behind.isDone() && !behind.isCompletedExceptionally());
            behind.get().close();
        }
    }

    @Test
    void whoeverWaitsBehindOneWhoseTimeIsUpIsServed() throws Exception {
        try (Bench bench = oneSlotNever()) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> stuck = bench.balancer.acquireAsync(NEVER);
            bench.advance(500);
            CompletableFuture<Lease> behind = ask(bench);
            busy.close();
            bench.advance(1_700);
            assertTrue(stuck.isCompletedExceptionally());
            assertTrue(behind.isDone() && !behind.isCompletedExceptionally());
            behind.get().close();
        }
    }

    /** What serves nobody has room for nobody; else each close would try the whole queue in vain. */
    @Test
    void slotsOfEndpointsThatServeNobodyAreNoReasonToTryTheQueue() {
        int[] picks = {0};
        Balancer counting = (nodes, request, now) -> {
            picks[0]++;
            return Bench.FIRST.pick(nodes, request, now);
        };
        try (Bench bench = new Bench(
                builder -> builder.queue(100, Duration.ofSeconds(2)),
                MutableEndpointSource.of(
                        Bench.endpoint("a").withMaxInFlight(1),
                        Bench.endpoint("idle").withWeight(0)),
                counting)) {
            Lease busy = bench.balancer.acquire(RequestContext.none());
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Lease> ignored = ask(bench);
            }
            picks[0] = 0;
            busy.close();
            assertTrue(picks[0] <= 3, () -> picks[0] + " picks: one for the slot, two to see that there is no other");
        }
    }

    @Test
    void aTrackerThatFailsWhileSlotsAreCountedDoesNotEndTheQueue() throws Exception {
        List<Lease> free = new ArrayList<>();
        WaitQueue.Patience patience = new WaitQueue.Patience() {
            @Override
            public @Nullable RuntimeException lost() {
                return null;
            }

            @Override
            public RuntimeException timeout() {
                return new IllegalStateException("time is up");
            }
        };
        WaitQueue queue = new WaitQueue(
                new AtomicInteger(),
                request -> free.isEmpty() ? null : free.remove(0),
                () -> {
                    throw new IllegalStateException("maxInFlight of a tracker");
                },
                deadline -> {});
        CompletableFuture<Lease> first = joined(queue.join(RequestContext.none(), 9, 1, patience));
        CompletableFuture<Lease> second = joined(queue.join(RequestContext.none(), 9, 1, patience));
        Node node = NodeSet.of(() -> 0, Bench.endpoint("a")).get(0);
        free.add(node.acquire());
        free.add(node.acquire());
        queue.serve();
        assertTrue(first.isDone() && second.isDone());
        first.get().close();
        second.get().close();
    }

    private static CompletableFuture<Lease> joined(@Nullable CompletableFuture<Lease> future) {
        return Objects.requireNonNull(future);
    }
}
