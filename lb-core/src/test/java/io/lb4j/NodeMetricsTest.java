package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
    private static final double MILLI = 1e6;

    private final VirtualTime time = new VirtualTime();
    private final NodeSet nodes = NodeSet.of(time, Endpoint.of("a", 80), Endpoint.of("b", 80));
    private final Node node = nodes.get(0);
    private final Node other = nodes.get(1);

    private void serve(Node on, double millis, Outcome outcome) {
        try (Lease lease = on.acquire()) {
            lease.report(outcome, (long) (millis * MILLI));
        }
    }

    private double latencyMillis() {
        return node.latencyNanos(time.nanoTime()) / MILLI;
    }

    private double failureRate() {
        return node.failureRate(time.nanoTime());
    }

    // ------------------------------------------------------------------------------------------ latency

    @Test
    void latencyOfAnUnknownNodeIsThatOfThePoolAndOneMillisecondWithoutAny() {
        assertEquals(1, latencyMillis());
        serve(other, 40, Outcome.SUCCESS);
        assertEquals(40, latencyMillis());
    }

    @Test
    void latencyBelowAMillisecondIsMeasured() {
        serve(node, 0.000_3, Outcome.SUCCESS);
        assertEquals(0.000_3, latencyMillis(), 1e-12);
    }

    @Test
    void firstSampleWeighsThirtyPercentTheLaterOnesASixteenth() {
        serve(other, 10, Outcome.SUCCESS);
        serve(node, 20, Outcome.SUCCESS);
        assertEquals(13, latencyMillis(), 1e-9);
        serve(node, 29, Outcome.SUCCESS);
        assertEquals(14, latencyMillis(), 1e-9);
    }

    @Test
    void latencyEndsAtTheReportNotAtTheClose() {
        Lease lease = node.acquire();
        time.advance(Duration.ofMillis(5));
        lease.report(Outcome.SUCCESS);
        time.advance(Duration.ofMillis(1_000));
        assertEquals(5, latencyMillis(), 1e-9);
        lease.close();
        assertEquals(5, latencyMillis(), 1e-9);
    }

    @Test
    void failureNeverLowersTheLatency() {
        serve(node, 10, Outcome.SUCCESS);
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.SUCCESS) {
                serve(node, 1, outcome);
                assertEquals(10, latencyMillis(), 1e-9, () -> "after " + outcome);
            }
        }
    }

    @Test
    void firstFailureOfAnUnknownNodeDoesNotMakeItLookFasterThanThePool() {
        serve(other, 10, Outcome.SUCCESS);
        serve(node, 1, Outcome.FAILURE);
        assertEquals(10, latencyMillis(), 1e-9);
    }

    @Test
    void failureThatTookLongerRaisesTheLatency() {
        serve(node, 10, Outcome.SUCCESS);
        serve(node, 26, Outcome.TIMED_OUT);
        assertEquals(11, latencyMillis(), 1e-9);
    }

    @Test
    void idleNodeDriftsTowardsThePool() {
        serve(other, 10, Outcome.SUCCESS);
        serve(node, 110, Outcome.SUCCESS); // 40; the pool is at 11
        time.advance(Duration.ofSeconds(5));
        assertEquals(11 + 29 / 3.0, latencyMillis(), 1e-9);
    }

    // ------------------------------------------------------------------------------------------ waiting requests

    @Test
    void latencyIsAtLeastTheMeanAgeOfWhatWaits() {
        Lease first = node.acquire();
        time.advance(Duration.ofMillis(10));
        Lease second = node.acquire();
        time.advance(Duration.ofMillis(20));
        assertEquals(25, latencyMillis());
        first.report(Outcome.CANCELLED, 0);
        assertEquals(20, latencyMillis());
        second.report(Outcome.SUCCESS, 0);
        assertEquals(0.000_001, latencyMillis(), 1e-12, "nothing waits");
    }

    @Test
    void ageIsExactWhereTheClockWraps() {
        VirtualTime wrapping = new VirtualTime(Long.MAX_VALUE - 1_000, Instant.EPOCH);
        Node wrapped = NodeSet.of(wrapping, Endpoint.of("a", 80)).get(0);
        wrapped.acquire();
        wrapping.advance(Duration.ofMillis(30));
        wrapped.acquire();
        wrapping.advance(Duration.ofMillis(30));
        assertEquals(45, wrapped.latencyNanos(wrapping.nanoTime()) / MILLI);
    }

    @Test
    void costIsTheLatencyTimesTheRequestsInFlightAndOneMore() {
        serve(node, 10, Outcome.SUCCESS);
        assertEquals(10 * MILLI, node.expectedCost(), 1e-3);
        Lease lease = node.acquire();
        assertEquals(20 * MILLI, node.expectedCost(), 1e-3);
        assertEquals(20 * MILLI, node.expectedCost(time.nanoTime()), 1e-3);
        lease.report(Outcome.SUCCESS, (long) (10 * MILLI));
        assertEquals(20 * MILLI, node.expectedCost(), 1e-3);
        lease.close();
        assertEquals(10 * MILLI, node.expectedCost(), 1e-3);
    }

    @Test
    void rememberedCostFollowsTimeOnlyWhenItIsRefreshed() {
        node.acquire();
        time.advance(Duration.ofMillis(50));
        assertEquals(2 * MILLI, node.expectedCost());
        node.refreshExpectedCost(time.nanoTime());
        assertEquals(100 * MILLI, node.expectedCost());
    }

    // ------------------------------------------------------------------------------------------ failures

    @Test
    void failureRateIsAnAverageThatDecays() {
        serve(node, 1, Outcome.FAILURE);
        assertEquals(0.1, failureRate(), 1e-12);
        serve(node, 1, Outcome.UNREACHABLE);
        assertEquals(0.19, failureRate(), 1e-12);
        serve(node, 1, Outcome.SUCCESS);
        assertEquals(0.171, failureRate(), 1e-12);
        time.advance(Duration.ofSeconds(10));
        assertEquals(0.0855, failureRate(), 1e-12);
    }

    @Test
    void firstFailureCountsWhateverTheClockShows() {
        for (long seconds : new long[] {-20, -10, 0, 10}) {
            VirtualTime clock = new VirtualTime(Duration.ofSeconds(seconds).toNanos(), Instant.EPOCH);
            Node fresh = NodeSet.of(clock, Endpoint.of("a", 80)).get(0);
            serve(fresh, 1, Outcome.FAILURE);
            assertEquals(0.1, fresh.failureRate(clock.nanoTime()), 1e-12, seconds + " s");
        }
    }

    @Test
    void cancellationIsNoFailure() {
        serve(node, 1, Outcome.CANCELLED);
        assertEquals(0, failureRate());
        assertEquals(0, nodes.failureRate());
    }

    @Test
    void averagesEndAtZeroInsteadOfInDenormalNumbers() {
        serve(node, 1, Outcome.FAILURE);
        for (int i = 0; i < 3_000; i++) {
            serve(node, 1, Outcome.SUCCESS);
            assertTrue(failureRate() == 0 || failureRate() > 1e-13, "denormal numbers are next");
        }
        assertEquals(0, failureRate());
        assertEquals(0, nodes.failureRate());
    }

    @Test
    void nodeThatFailsMoreThanThePoolIsDearer() {
        for (int i = 0; i < 2; i++) {
            serve(node, 1, Outcome.FAILURE);
        }
        // 0.19, of which the pool's 0.0199 times 3, but at least 0.1, is tolerated
        assertEquals(MILLI * (1 + 100 * 0.09), node.expectedCost(time.nanoTime()), 1e-3);
    }

    // ------------------------------------------------------------------------------------------ limits

    @Test
    void limitOfRequestsInFlightIsExact() {
        Node limited = NodeSet.of(time, Endpoint.of("a", 80).withMaxInFlight(3)).get(0);
        Lease first = limited.acquire();
        limited.acquire();
        limited.acquire();
        assertThrows(NoEndpointAvailableException.class, limited::acquire);
        assertEquals(3, limited.inFlight());
        first.report(Outcome.SUCCESS);
        assertThrows(NoEndpointAvailableException.class, limited::acquire, "the body has not ended");
        first.close();
        limited.acquire();
        assertEquals(3, limited.inFlight());
    }

    @Test
    void highestLimitIsExactAndTheMeanAgeToo() {
        for (int i = 0; i < Endpoint.MOST_IN_FLIGHT; i++) {
            node.acquire();
        }
        assertThrows(NoEndpointAvailableException.class, node::acquire);
        assertEquals(Endpoint.MOST_IN_FLIGHT, node.inFlight());
        time.advance(Duration.ofMillis(1_500));
        assertEquals(1_500, latencyMillis());
    }

    @Test
    @Tag("storm")
    void threadsNeverExceedTheLimitAndLoseNoSlot() throws Exception {
        Node limited = NodeSet.of(time, Endpoint.of("a", 80).withMaxInFlight(3)).get(0);
        AtomicInteger held = new AtomicInteger();
        Callable<Integer> using = () -> {
            int most = 0;
            for (int i = 0; i < 20_000; i++) {
                try (Lease lease = limited.acquire()) {
                    most = Math.max(most, held.incrementAndGet());
                    lease.report(Outcome.SUCCESS, 1);
                    held.decrementAndGet();
                } catch (NoEndpointAvailableException e) {
                    Thread.onSpinWait();
                }
            }
            return most;
        };
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Callable<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(using);
            }
            for (Future<Integer> most : threads.invokeAll(all)) {
                assertTrue(most.get() <= 3, "more than the limit at once");
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, limited.inFlight());
        limited.acquire();
        limited.acquire();
        limited.acquire();
        assertThrows(NoEndpointAvailableException.class, limited::acquire);
    }

    // ------------------------------------------------------------------------------------------ bytes

    @Test
    void rateOfBytesIsAveragedOverTenSeconds() {
        Lease lease = node.acquire();
        lease.transferred(400, 600);
        assertEquals(100, node.bytesPerSecond(time.nanoTime()), 1e-9);
        time.advance(Duration.ofSeconds(10));
        assertEquals(100 / Math.E, node.bytesPerSecond(time.nanoTime()), 1e-9);
        lease.transferred(0, 1_000);
        assertEquals(100 + 100 / Math.E, node.bytesPerSecond(time.nanoTime()), 1e-9);
        assertEquals(2_000, node.bytes());
    }

    @Test
    void steadyTrafficShowsItsRate() {
        Lease lease = node.acquire();
        for (int i = 0; i < 1_000; i++) {
            time.advance(Duration.ofMillis(100));
            lease.transferred(0, 5_000);
        }
        assertEquals(50_000, node.bytesPerSecond(time.nanoTime()), 0.01 * 50_000);
    }

    @Test
    void rateOfBytesEndsAtZero() {
        node.acquire().transferred(1, 0);
        time.advance(Duration.ofMinutes(10));
        assertEquals(0, node.bytesPerSecond(time.nanoTime()));
    }
}
