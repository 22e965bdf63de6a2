package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten million leases on eight threads, while another changes everything that can be changed. */
@Tag("storm")
class StormTest {
    private static final int THREADS = 8;
    private static final int NODES = 12;
    private static final int PER_THREAD = 1_300_000;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final ConcurrentLinkedQueue<Lease> abandoned = new ConcurrentLinkedQueue<>();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();

    @ParameterizedTest
    @ValueSource(strings = {"leastResponseTime", "roundRobin"})
    void everySlotComesBack(String algorithm) throws Exception {
        MutableEndpointSource source = MutableEndpointSource.of(endpoints(NODES));
        try (LoadBalancer balancer = LoadBalancer.builder("storm", source, named(algorithm))
                .healthTracker(ConsecutiveFailures.builder()
                        .failures(3)
                        .ejection(Duration.ofMillis(5), Duration.ofMillis(20))
                        .build())
                .grace(Duration.ofHours(1))
                .holdEmpty(Duration.ZERO)
                .build()) {
            List<Thread> threads = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(THREADS);
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                threads.add(new Thread(() -> guarded(() -> caller(balancer, seed), done)));
            }
            Thread operator = new Thread(() -> guarded(() -> operate(balancer, source), new CountDownLatch(0)));
            threads.forEach(Thread::start);
            operator.start();
            done.await();
            running.set(false);
            operator.join();
            sweep(Integer.MAX_VALUE);
            assertNull(failure.get(), () -> "failed: " + failure.get());
            source.set(endpoints(NODES));
            for (Node node : balancer.nodes()) {
                assertEquals(0, node.inFlight(), () -> "in flight on " + node);
                long now = System.nanoTime();
                assertTrue(node.latencyNanos(now) < 1e9, () -> "no request can be waiting on " + node);
            }
            assertTrue(served.get() + turnedAway.get() == (long) THREADS * PER_THREAD);
            assertTrue(served.get() > 0.9 * THREADS * PER_THREAD, () -> "served " + served);
        }
    }

    private static Balancer named(String algorithm) {
        return algorithm.equals("roundRobin") ? Balancers.roundRobin() : Balancers.leastResponseTime();
    }

    private static Endpoint[] endpoints(int count) {
        Endpoint[] endpoints = new Endpoint[count];
        for (int i = 0; i < count; i++) {
            endpoints[i] = Endpoint.of("10.0.0." + (i + 1), 80);
        }
        return endpoints;
    }

    private void guarded(Runnable task, CountDownLatch done) {
        try {
            task.run();
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        } finally {
            done.countDown();
        }
    }

    /** Reports, closes, closes twice, forgets to report, keeps some open for a while. */
    private void caller(LoadBalancer balancer, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ArrayDeque<Lease> open = new ArrayDeque<>();
        for (int i = 0; i < PER_THREAD; i++) {
            sweep(1);
            Lease lease = balancer.tryAcquire(RequestContext.none());
            if (lease == null) {
                turnedAway.incrementAndGet();
                continue;
            }
            served.incrementAndGet();
            if (lease.node().inFlight() < 1) {
                throw new AssertionError("in flight is " + lease.node().inFlight());
            }
            if (random.nextInt(50) == 0) {
                abandoned.add(lease);
                continue;
            }
            open.add(lease);
            if (open.size() > 8 || random.nextInt(4) == 0) {
                finish(open.remove(), random.nextInt(100));
            }
        }
        open.forEach(lease -> finish(lease, 50));
    }

    /** Closes, on whatever thread, what others have abandoned, as a Cleaner does. */
    private void sweep(int count) {
        for (int i = 0; i < count; i++) {
            Lease lease = abandoned.poll();
            if (lease == null) {
                return;
            }
            lease.close();
        }
    }

    private static void finish(Lease lease, int how) {
        if (how < 90) {
            boolean failed = how < 4 && lease.endpoint().host().hashCode() % 3 == 0;
            lease.report(failed ? Outcome.FAILURE : Outcome.SUCCESS);
            lease.close();
        }
        if (how >= 85) {
            lease.close();
            lease.close();
            lease.report(Outcome.FAILURE);
        }
    }

    private void operate(LoadBalancer balancer, MutableEndpointSource source) {
        SplittableRandom random = new SplittableRandom(99);
        while (running.get()) {
            int size = 6 + random.nextInt(NODES - 5);
            source.set(endpoints(size));
            checkOnlyMembersServe(balancer, size);
            String id = "10.0.0." + (1 + random.nextInt(6)) + ":80";
            balancer.disable(id);
            Node disabled = balancer.nodes().find(id);
            checkNotServed(balancer, disabled);
            balancer.enable(id);
            balancer.reweight(id, random.nextInt(5));
            var drained = balancer.drain(id, Duration.ofMillis(random.nextInt(3)));
            balancer.undrain(id);
            await(drained);
            balancer.resetWeight(id);
            balancer.tick();
        }
    }

    /** Another thread may be the one that carries the order out. */
    private static void await(Future<Integer> drained) {
        try {
            drained.get(10, TimeUnit.SECONDS);
        } catch (CancellationException e) {
            return;
        } catch (Exception e) {
            if (!(e.getCause() instanceof CancellationException)) {
                throw new AssertionError(e);
            }
        }
    }

    /** Once the plan has changed, nobody who has left is picked. */
    private static void checkOnlyMembersServe(LoadBalancer balancer, int size) {
        while (balancer.nodes().size() != size) {
            Thread.onSpinWait();
        }
        NodeSet members = balancer.nodes();
        for (int i = 0; i < 50; i++) {
            try (Lease lease = balancer.tryAcquire(RequestContext.none())) {
                if (lease != null && members.find(lease.endpoint().id()) == null) {
                    throw new AssertionError("picked after it has left: " + lease.node());
                }
            }
        }
    }

    private static void checkNotServed(LoadBalancer balancer, Node disabled) {
        for (int i = 0; i < 50; i++) {
            try (Lease lease = balancer.tryAcquire(RequestContext.none())) {
                if (lease != null && lease.node() == disabled) {
                    throw new AssertionError("a disabled node was picked");
                }
            }
        }
    }
}
