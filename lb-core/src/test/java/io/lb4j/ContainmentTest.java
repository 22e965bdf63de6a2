package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What users plug in fails: the engine's accounts, its timer and its one writer go on. */
class ContainmentTest {
    private static final HealthTracker.NodeHealth FINE = (lease, outcome, nowNanos, control) -> {};

    /** Throws a checked exception where none is declared, as code in Kotlin or Scala may. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable failure) throws X {
        throw (X) failure;
    }

    // ------------------------------------------------------------------------------------------ slots

    @Test
    void aTrackerThatFailsToAdmitKeepsNoSlot() {
        boolean[] angry = {true};
        HealthTracker tracker = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                if (angry[0]) {
                    throw new IllegalStateException("admits");
                }
                return true;
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker), "a")) {
            assertThrows(IllegalStateException.class, () -> bench.balancer.tryAcquire(RequestContext.none()));
            assertEquals(0, bench.node("a").inFlight());
            angry[0] = false;
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aTrackerThatFailsToAdmitATrialLeavesItToTheNext() {
        boolean[] angry = {false};
        HealthTracker tracker = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {
                if (outcome.isFailure()) {
                    control.eject(node, Duration.ofSeconds(1), "failed");
                }
            }

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                if (angry[0]) {
                    throw new IllegalStateException("admits");
                }
                return true;
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker), "a", "b")) {
            bench.fail("a", 1);
            bench.advance(1_050);
            angry[0] = true;
            assertThrows(IllegalStateException.class, () -> bench.balancer.tryAcquire(RequestContext.none()));
            angry[0] = false;
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(trial.isTrial());
            }
        }
    }

    @Test
    void anErrorInATrackerOrAListenerCostsNoSlot() {
        HealthTracker tracker = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {
                throw new AssertionError("report");
            }

            @Override
            public void onReleased() {
                throw new AssertionError("released");
            }
        };
        LoadBalancerListener listener = new LoadBalancerListener() {
            @Override
            public void leaseAcquired(Lease lease) {
                throw new AssertionError("acquired");
            }

            @Override
            public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
                ContainmentTest.<RuntimeException>sneak(new IOException("reported"));
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker).listener(listener), "a")) {
            bench.balancer.acquire(RequestContext.none()).close();
            assertEquals("a", bench.next());
            assertEquals(0, bench.node("a").inFlight());
        }
    }

    @Test
    void aTrackerThatFailsToTakeBackHidesNoCloseFromTheListener() {
        List<String> told = new ArrayList<>();
        HealthTracker tracker = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public void onReleased() {
                throw new IllegalStateException("released");
            }
        };
        LoadBalancerListener listener = new LoadBalancerListener() {
            @Override
            public void leaseClosed(Lease lease) {
                told.add("closed");
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker).listener(listener), "a")) {
            bench.next();
            assertEquals(List.of("closed"), told);
        }
    }

    @Test
    void aLeaseTakenFromTheNodeItselfReleasesNoPermit() {
        AtomicInteger permits = new AtomicInteger(1);
        HealthTracker tracker = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                return permits.getAndDecrement() > 0;
            }

            @Override
            public void onReleased() {
                permits.incrementAndGet();
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker), "a")) {
            bench.node("a").acquire().close();
            assertEquals(1, permits.get());
        }
    }

    // ------------------------------------------------------------------------------------------ the one writer

    @Test
    void aSerialQueueGoesOnAfterWhateverATaskThrows() {
        for (Throwable failure :
                List.of(new IOException("sneaked"), new StackOverflowError(), new AssertionError(), new Error())) {
            SerialQueue queue = new SerialQueue();
            List<String> done = new ArrayList<>();
            queue.execute(() -> {
                queue.execute(() -> done.add("meanwhile"));
                queue.execute(() -> done.add("then"));
                ContainmentTest.<RuntimeException>sneak(failure);
            });
            queue.execute(() -> done.add("later"));
            assertEquals(List.of("meanwhile", "then", "later"), done, failure.toString());
        }
    }

    @Test
    void aListenerThatFailsAnywayKeepsTheTimerGoing() {
        LoadBalancerListener angry = new LoadBalancerListener() {
            @Override
            public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
                throw new AssertionError("changed");
            }
        };
        try (Bench bench = Bench.with(builder -> builder.listener(angry), "a", "b")) {
            bench.advance(1_000);
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                CompletableFuture<Integer> drained = bench.balancer.drain("a", Duration.ofSeconds(1));
                bench.fail("b", 5);
                bench.advance(1_100);
                assertEquals(1, drained.getNow(-1));
                assertEquals("a", lease.endpoint().id());
            }
        }
    }

    @Test
    void aTrackerThatFailsToTrackANodeFreezesNoDelivery() {
        HealthTracker picky = node -> {
            if (node.endpoint().id().equals("bad")) {
                throw new IllegalStateException("track");
            }
            return FINE;
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(picky), "a")) {
            bench.deliver("bad", "b");
            assertEquals("bad", bench.next());
            bench.deliver("b");
            assertEquals("b", bench.next());
        }
    }

    @Test
    void anAlgorithmThatCannotPrepareDoesNotStopLaterDeliveries() {
        Balancer broken = new Balancer() {
            @Override
            public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return null;
            }

            @Override
            public Balancer prepare(NodeSet candidates) {
                throw new IllegalArgumentException("not with these");
            }
        };
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.switchTo(broken);
            bench.deliver("c", "d");
            assertEquals("c", bench.next());
            bench.balancer.disable("c");
            bench.advance(100);
            assertEquals(List.of("+a", "+b"), bench.events.subList(0, 2));
            assertEquals("d", bench.next());
        }
    }

    @Test
    void aPlanThatCouldNotBeMadeIsMadeLater() {
        boolean[] angry = {false};
        LocalityPolicy moody = nodes -> {
            if (angry[0]) {
                throw new IllegalStateException("arrange");
            }
            return LocalityPolicy.none().arrange(nodes);
        };
        try (Bench bench = Bench.with(builder -> builder.locality(moody).slowStart(Duration.ZERO, 1), "a", "b")) {
            bench.advance(1_000);
            angry[0] = true;
            bench.deliver("a", "b", "c");
            assertNull(bench.balancer.nodes().find("c"));
            bench.advance(1_000);
            angry[0] = false;
            bench.advance(5_000);
            assertEquals("c", bench.node("c").endpoint().id());
        }
    }

    // ------------------------------------------------------------------------------------------ the tick

    @Test
    void aTrackerWithAnIntervalWaitsForTheFirstDeliveryWithoutSpinning() {
        List<Long> ticks = new ArrayList<>();
        HealthTracker periodic = new HealthTracker() {
            @Override
            public NodeHealth track(Node node) {
                return FINE;
            }

            @Override
            public void onTick(NodeSet all, long nowNanos, Control control) {
                ticks.add(Duration.ofNanos(nowNanos).toMillis());
            }

            @Override
            public Duration tickInterval() {
                return Duration.ofSeconds(1);
            }
        };
        try (Bench bench =
                new Bench(builder -> builder.healthTracker(periodic), MutableEndpointSource.pending(), Bench.FIRST)) {
            CompletableFuture<Lease> waiting = bench.balancer.acquireAsync(RequestContext.none());
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> bench.advance(6_000));
            assertTrue(waiting.isCompletedExceptionally());
            bench.deliver("a");
            bench.advance(3_000);
            assertFalse(ticks.isEmpty());
            assertTrue(ticks.size() <= 4, ticks.toString());
        }
    }

    @Test
    void aPassIsToldAtOnceAndNotWhenTheEjectionWouldHaveEnded() {
        HealthProbe probe = (endpoint, timeout) -> HealthProbe.Verdict.PASS;
        HealthProbe.Schedule schedule = HealthProbe.Schedule.standard().withJitter(0);
        try (Bench bench =
                Bench.with(builder -> builder.healthProbe(probe, schedule).probeExecutor(Runnable::run), "a", "b")) {
            bench.advance(4_000);
            try (Lease lease = bench.node("a").acquire()) {
                lease.overloaded(Duration.ofSeconds(50));
            }
            bench.advance(5_100);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            assertEquals("a EJECTED>HALF_OPEN", bench.events.get(bench.events.size() - 1));
        }
    }

    @Test
    void aProbeExecutorThatRefusesOnceIsAskedAgain() {
        int[] asked = {0};
        HealthProbe probe = (endpoint, timeout) -> HealthProbe.Verdict.PASS;
        HealthProbe.Schedule schedule = HealthProbe.Schedule.standard().withJitter(0);
        try (Bench bench = Bench.with(
                builder -> builder.healthProbe(probe, schedule).probeExecutor(task -> {
                    if (asked[0]++ == 0) {
                        throw new java.util.concurrent.RejectedExecutionException("busy");
                    }
                    task.run();
                }),
                "a")) {
            bench.advance(1);
            assertEquals(Node.State.CHECKING, bench.node("a").state());
            bench.advance(6_000);
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void aProbeThatThrowsAnErrorTakesTheNodeDown() {
        HealthProbe probe = (endpoint, timeout) -> {
            throw new NoClassDefFoundError("gone");
        };
        HealthProbe.Schedule schedule = HealthProbe.Schedule.standard().withJitter(0);
        try (Bench bench =
                Bench.with(builder -> builder.healthProbe(probe, schedule).probeExecutor(Runnable::run), "a")) {
            bench.advance(1);
            assertEquals(Node.State.DOWN, bench.node("a").state());
        }
    }
}
