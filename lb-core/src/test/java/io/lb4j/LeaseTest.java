package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one attempt says counts once, whoever says it and in whatever order. */
class LeaseTest {
    private final List<String> log = new ArrayList<>();
    private final Bench bench = Bench.with(
            builder -> builder.listener(new LoadBalancerListener() {
                        @Override
                        public void leaseAcquired(Lease lease) {
                            log.add("acquired");
                        }

                        @Override
                        public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
                            log.add(outcome + " " + latencyNanos);
                        }

                        @Override
                        public void leaseClosed(Lease lease) {
                            log.add("closed");
                        }
                    })
                    .healthTracker(node -> (lease, outcome, now, control) -> log.add("judged " + outcome)),
            "a",
            "b");
    private final Node node = bench.node("a");
    private final Lease lease = node.acquire();

    @AfterEach
    void end() {
        bench.close();
    }

    private double failureRate() {
        return node.failureRate(bench.time.nanoTime());
    }

    private double latency() {
        return node.latencyNanos(bench.time.nanoTime());
    }

    @Test
    void reportThenCloseIsTheUsualOrder() {
        assertEquals(1, node.inFlight());
        bench.advance(3);
        assertTrue(lease.report(Outcome.SUCCESS));
        assertEquals(1, node.inFlight(), "the body has not ended");
        lease.close();
        assertEquals(0, node.inFlight());
        assertEquals(List.of("acquired", "judged SUCCESS", "SUCCESS 3000000", "closed"), log);
    }

    @Test
    void firstReportCounts() {
        assertTrue(lease.report(Outcome.SUCCESS, 7));
        assertFalse(lease.report(Outcome.FAILURE));
        assertFalse(lease.report(Outcome.FAILURE, 9));
        assertFalse(lease.overloaded(Duration.ofSeconds(1)));
        assertEquals(List.of("acquired", "judged SUCCESS", "SUCCESS 7"), log);
        assertEquals(0, failureRate());
    }

    @Test
    void closeWithoutReportIsACancellation() {
        bench.advance(2);
        lease.close();
        assertEquals(0, node.inFlight());
        assertEquals(0, failureRate());
        assertEquals(List.of("acquired", "judged CANCELLED", "CANCELLED 2000000", "closed"), log);
    }

    @Test
    void reportAfterCloseIsIgnored() {
        lease.close();
        assertFalse(lease.report(Outcome.FAILURE));
        assertFalse(lease.report(Outcome.FAILURE, 1));
        assertFalse(lease.overloaded(Duration.ofSeconds(1)));
        assertEquals(0, failureRate());
        assertEquals(4, log.size());
    }

    @Test
    void secondCloseDoesNothing() {
        lease.report(Outcome.SUCCESS);
        lease.close();
        lease.close();
        assertEquals(0, node.inFlight());
        assertEquals(List.of("acquired", "judged SUCCESS", "SUCCESS 0", "closed"), log);
    }

    @Test
    void brokenBodyCountsAsFailureAndLeavesTheLatencyAlone() {
        bench.advance(10);
        lease.report(Outcome.SUCCESS);
        double latency = latency();
        bench.advance(500);
        lease.broken(Outcome.TIMED_OUT);
        assertEquals(0.1, failureRate(), 1e-12);
        assertEquals(latency, latency());
        assertEquals(List.of("acquired", "judged SUCCESS", "SUCCESS 10000000", "judged TIMED_OUT"), log);
    }

    @Test
    void brokenBodyCountsOnceAndAlsoAfterTheClose() {
        lease.report(Outcome.SUCCESS);
        lease.close();
        lease.broken(Outcome.FAILURE);
        lease.broken(Outcome.FAILURE);
        assertEquals(0.1, failureRate(), 1e-12);
        assertEquals(0, node.inFlight());
    }

    @Test
    void nothingIsBrokenThatHasNotSucceeded() {
        lease.broken(Outcome.FAILURE);
        assertEquals(0, failureRate());
        lease.report(Outcome.FAILURE);
        lease.broken(Outcome.FAILURE);
        lease.close();
        lease.broken(Outcome.FAILURE);
        assertEquals(0.1, failureRate(), 1e-12, "the reported failure alone");
    }

    @Test
    void bytesAddUp() {
        lease.transferred(100, 20);
        lease.transferred(0, 3);
        lease.report(Outcome.SUCCESS);
        lease.transferred(7, 0);
        assertEquals(130, node.bytes());
    }

    @Test
    void leaseNamesItsEndpointAsItIsNow() {
        assertEquals(1, lease.endpoint().weight());
        bench.source.set(Bench.endpoint("a").withWeight(3), Bench.endpoint("b"));
        assertEquals(3, lease.endpoint().weight());
        assertFalse(lease.isTrial());
    }

    @Test
    void overloadedEndpointIsOutForAsLongAsItWants() {
        try (Bench real = Bench.with("a", "b")) {
            assertTrue(real.node("a").acquire().overloaded(Duration.ofSeconds(20)));
            assertEquals(Node.State.EJECTED, real.node("a").state());
            real.advance(19_999);
            assertEquals(Node.State.EJECTED, real.node("a").state());
            real.advance(1);
            assertEquals(Node.State.HALF_OPEN, real.node("a").state());
        }
    }

    @Test
    void overloadLastsAMinuteAtMost() {
        try (Bench real = Bench.with("a", "b")) {
            assertTrue(real.node("a").acquire().overloaded(Duration.ofDays(1)));
            assertEquals("overloaded for 60000 ms", real.node("a").reason());
            real.advance(59_999);
            assertEquals(Node.State.EJECTED, real.node("a").state());
            real.advance(1);
            assertEquals(Node.State.HALF_OPEN, real.node("a").state());
        }
    }

    @Test
    @Tag("storm")
    void eachLeaseCountsOnceHoweverManyThreadsSayIt() throws Exception {
        try (Bench real = Bench.with("a", "b")) {
            Node shared = real.node("a");
            List<Lease> leases = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                leases.add(shared.acquire());
            }
            AtomicInteger reports = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(4);
            Callable<Void> ending = () -> {
                start.await();
                for (Lease each : leases) {
                    reports.addAndGet(each.report(Outcome.SUCCESS) ? 1 : 0);
                    each.close();
                }
                return null;
            };
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                for (Future<Void> done : threads.invokeAll(List.of(ending, ending, ending, ending))) {
                    done.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertEquals(5_000, reports.get());
            assertEquals(0, shared.inFlight());
        }
    }
}
