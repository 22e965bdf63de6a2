package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More threads than slots: nobody is overlooked, whoever cancels, refuses or closes meanwhile. */
@Tag("storm")
class QueueStormTest {
    private static final int THREADS = 8;
    private static final int PER_THREAD = 60_000;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong served = new AtomicLong();

    @Test
    void nobodyIsOverlooked() throws Exception {
        HealthTracker moody = node -> new HealthTracker.NodeHealth() {
            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {}

            @Override
            public boolean admits(RequestContext request, long nowNanos) {
                return nowNanos % 1000 != 0;
            }
        };
        MutableEndpointSource source = MutableEndpointSource.of(
                Bench.endpoint("a").withMaxInFlight(2), Bench.endpoint("b").withMaxInFlight(1));
        try (LoadBalancer balancer = LoadBalancer.builder("storm", source, Balancers.leastRequests())
                .healthTracker(moody)
                .queue(1_000, Duration.ofSeconds(20))
                .build()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                threads.add(new Thread(() -> run(balancer, new SplittableRandom(seed))));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertNull(failure.get(), () -> String.valueOf(failure.get()));
            assertTrue(served.get() > THREADS * PER_THREAD / 2);
            balancer.nodes().forEach(node -> assertEquals(0, node.inFlight(), node::toString));
        }
    }

    private void run(LoadBalancer balancer, SplittableRandom random) {
        try {
            for (int i = 0; i < PER_THREAD && failure.get() == null; i++) {
                request(balancer, random);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    private void request(LoadBalancer balancer, SplittableRandom random) throws Exception {
        CompletableFuture<Lease> asked = balancer.acquireAsync(RequestContext.none());
        if (random.nextInt(4) == 0 && asked.cancel(false)) {
            return;
        }
        boolean refused = asked.isCompletedExceptionally()
                && asked.handle((lease, e) -> e).get() instanceof NoEndpointAvailableException why
                && why.reason() == NoEndpointAvailableException.Reason.RATE_LIMITED;
        if (refused) {
            return;
        }
        Lease lease = asked.get(60, TimeUnit.SECONDS);
        served.incrementAndGet();
        if (lease.node().inFlight() > lease.endpoint().maxInFlight()) {
            throw new AssertionError("too many: " + lease.node().inFlight());
        }
        lease.report(Outcome.SUCCESS);
        lease.close();
    }
}
