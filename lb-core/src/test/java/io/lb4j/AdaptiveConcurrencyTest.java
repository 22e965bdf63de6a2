package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import io.lb4j.health.Aimd;
import io.lb4j.health.ConcurrencyLimit;
import io.lb4j.health.Gradient2;
import io.lb4j.health.HealthTrackers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AdaptiveConcurrencyTest {
    private static Bench bench(ConcurrencyLimit limit, UnaryOperator<LoadBalancerBuilder> settings, String... ids) {
        return Bench.with(
                builder -> settings.apply(builder.healthTracker(HealthTrackers.adaptiveConcurrency(limit))), ids);
    }

    private static List<Lease> take(Bench bench, int count) {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(bench.balancer.acquire(RequestContext.none()));
        }
        return leases;
    }

    private static void end(List<Lease> leases, Outcome outcome) {
        for (Lease lease : leases) {
            lease.report(outcome);
            lease.close();
        }
    }

    private static long on(String id, List<Lease> leases) {
        return leases.stream().filter(lease -> lease.endpoint().id().equals(id)).count();
    }

    @Test
    void anEndpointAtItsLimitIsNoCandidate() {
        try (Bench bench = bench(Aimd.standard().withLimits(3, 1, 9), builder -> builder, "a", "b")) {
            List<Lease> leases = take(bench, 6);
            assertEquals(3, on("a", leases));
            assertEquals(3, on("b", leases));
            NoEndpointAvailableException e = assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            assertEquals(Reason.ALL_AT_CAPACITY, e.reason());
            assertEquals(3, bench.node("a").maxInFlight());
            end(leases, Outcome.SUCCESS);
        }
    }

    @Test
    void theEndpointsOwnLimitHoldsAsWell() {
        try (Bench bench = new Bench(
                builder -> builder.healthTracker(HealthTrackers.adaptiveConcurrency(Aimd.standard())),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(2)),
                Bench.FIRST)) {
            List<Lease> leases = take(bench, 2);
            assertThrows(NoEndpointAvailableException.class, () -> bench.next());
            end(leases, Outcome.SUCCESS);
        }
    }

    @Test
    void requestsBeyondTheLimitWaitInTheQueue() throws Exception {
        try (Bench bench =
                bench(Aimd.standard().withLimits(1, 1, 9), builder -> builder.queue(5, Duration.ofSeconds(2)), "a")) {
            Lease first = bench.balancer.acquire(RequestContext.none());
            CompletableFuture<Lease> second = bench.balancer.acquireAsync(RequestContext.none());
            CompletableFuture<Lease> third = bench.balancer.acquireAsync(RequestContext.none());
            CompletableFuture<Lease> fourth = bench.balancer.acquireAsync(RequestContext.none());
            assertFalse(second.isDone());
            end(List.of(first), Outcome.SUCCESS);
            assertTrue(second.isDone() && third.isDone(), "the success made room for one more");
            assertFalse(fourth.isDone());
            end(List.of(second.get(), third.get()), Outcome.SUCCESS);
            end(List.of(fourth.get()), Outcome.SUCCESS);
        }
    }

    @Test
    void refusalsAndTimeoutsLowerTheLimitOtherFailuresAndCancelledRequestsDoNot() {
        try (Bench bench = bench(Aimd.standard().withLimits(30, 1, 90), builder -> builder, "a")) {
            Node a = bench.node("a");
            end(take(bench, 1), Outcome.OVERLOADED);
            assertEquals(27, a.maxInFlight());
            end(take(bench, 1), Outcome.TIMED_OUT);
            assertEquals(24, a.maxInFlight());
            for (Outcome outcome :
                    List.of(Outcome.FAILURE, Outcome.UNREACHABLE, Outcome.UNTRUSTED, Outcome.CANCELLED)) {
                end(take(bench, 1), outcome);
                assertEquals(24, a.maxInFlight(), outcome.name());
            }
            end(take(bench, 1), Outcome.SUCCESS);
            assertEquals(24, a.maxInFlight(), "one in flight does not show that more are possible");
            end(take(bench, 12), Outcome.SUCCESS);
            assertEquals(25, a.maxInFlight());
        }
    }

    /** The server refuses what exceeds ten requests at a time. */
    @Test
    void theLimitSettlesWhereTheServerBeginsToRefuse() {
        try (Bench bench = bench(Aimd.standard().withLimits(50, 1, 200), builder -> builder, "a")) {
            Node a = bench.node("a");
            int refused = 0;
            for (int round = 0; round < 200; round++) {
                List<Lease> leases = take(bench, a.maxInFlight());
                int accepted = Math.min(10, leases.size());
                bench.advance(10);
                end(leases.subList(accepted, leases.size()), Outcome.OVERLOADED);
                end(leases.subList(0, accepted), Outcome.SUCCESS);
                refused += round < 100 ? 0 : leases.size() - accepted;
                assertTrue(round < 10 || (a.maxInFlight() >= 8 && a.maxInFlight() <= 16), "limit " + a.maxInFlight());
            }
            assertTrue(refused < 600, refused + " refused in 100 rounds");
        }
    }

    @Test
    void gradientFollowsTheResponseTimes() {
        try (Bench bench = bench(Gradient2.standard(), builder -> builder, "a")) {
            Node a = bench.node("a");
            for (int i = 0; i < 100; i++) {
                List<Lease> leases = take(bench, a.maxInFlight());
                bench.advance(10);
                end(leases, Outcome.SUCCESS);
            }
            assertEquals(200, a.maxInFlight(), "nothing gets slower: up to the highest limit");
            for (int i = 0; i < 3; i++) {
                List<Lease> leases = take(bench, a.maxInFlight());
                bench.advance(40);
                end(leases, Outcome.SUCCESS);
            }
            assertTrue(a.maxInFlight() < 100, "four times as slow: " + a.maxInFlight());
        }
    }
}
