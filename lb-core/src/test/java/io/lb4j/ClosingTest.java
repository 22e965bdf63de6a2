package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens at, during and after the end of a LoadBalancer. */
class ClosingTest {
    /** Runs something once, in the middle of the Roster's work. */
    private static LoadBalancerListener whenDisabled(Runnable action) {
        return new LoadBalancerListener() {
            @Override
            public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
                if (to == Node.State.DISABLED) {
                    action.run();
                }
            }
        };
    }

    @Test
    void aDrainThatIsOrderedWhileItClosesEndsToo() {
        Bench[] made = new Bench[1];
        List<CompletableFuture<Integer>> drained = new ArrayList<>();
        Bench bench = Bench.with(
                builder -> builder.listener(whenDisabled(() -> {
                    drained.add(made[0].balancer.drain("b", Duration.ofSeconds(1)));
                    made[0].balancer.close();
                })),
                "a",
                "b");
        made[0] = bench;
        bench.balancer.disable("a");
        assertTrue(drained.get(0).isCompletedExceptionally());
        assertEquals(0, bench.time.waiting());
    }

    @Test
    void aRequestThatBeginsToWaitWhileItClosesDoesNotWaitForEver() {
        Bench bench = new Bench(
                builder -> builder.queue(5, Duration.ofSeconds(2)),
                MutableEndpointSource.of(Bench.endpoint("a").withMaxInFlight(1)),
                Bench.FIRST);
        Lease busy = bench.balancer.acquire(RequestContext.none());
        RequestContext closing = new WhenDiagnosed(bench::close);
        CompletableFuture<Lease> waiting = bench.balancer.acquireAsync(closing);
        assertTrue(waiting.isCompletedExceptionally());
        busy.close();
        assertEquals(0, busy.node().inFlight());
        assertEquals(0, bench.time.waiting());
    }

    @Test
    void closingEndsTheWaitForReadinessEvenIfTheRosterIsBusy() {
        Bench[] made = new Bench[1];
        List<Boolean> ended = new ArrayList<>();
        Bench bench = new Bench(
                builder -> builder.queue(1, Duration.ofSeconds(2)).listener(whenDisabled(() -> {
                    CompletableFuture<Lease> waiting = made[0].balancer.acquireAsync(RequestContext.none());
                    made[0].balancer.close();
                    ended.add(waiting.isDone());
                })),
                MutableEndpointSource.of(
                        Bench.endpoint("a").withMaxInFlight(1),
                        Bench.endpoint("b").withMaxInFlight(1)),
                Bench.FIRST);
        made[0] = bench;
        Lease busy = bench.balancer.acquire(RequestContext.none());
        Lease also = bench.balancer.acquire(RequestContext.none());
        bench.balancer.disable("a");
        assertEquals(List.of(true), ended);
        busy.close();
        also.close();
    }

    @Test
    void aSourceThatFailsToCloseLeavesNothingRunning() {
        VirtualTime time = new VirtualTime();
        EndpointSource source = listener -> {
            listener.onEndpoints(List.of(Bench.endpoints("a", "b")));
            return () -> {
                throw new IllegalStateException("close");
            };
        };
        LoadBalancer balancer = LoadBalancer.builder("orders", source, Bench.FIRST)
                .ticker(time)
                .scheduler(time)
                .build();
        balancer.tick();
        assertThrows(IllegalStateException.class, balancer::close);
        assertThrows(IllegalStateException.class, () -> balancer.tryAcquire(RequestContext.none()));
        assertEquals(0, time.waiting());
    }

    @Test
    void aSourceThatFailsToSubscribeLeavesNothingRunning() {
        VirtualTime time = new VirtualTime();
        EndpointSource source = listener -> {
            listener.onEndpoints(List.of(Bench.endpoints("a", "b")));
            throw new IllegalStateException("subscribe");
        };
        LoadBalancerBuilder builder = LoadBalancer.builder("orders", source, Bench.FIRST)
                .ticker(time)
                .scheduler(time)
                .healthProbe((endpoint, timeout) -> HealthProbe.Verdict.PASS, HealthProbe.Schedule.standard());
        assertThrows(IllegalStateException.class, builder::build);
        assertEquals(0, time.waiting());
    }

    @Test
    void deliveriesAndLeasesAfterTheEndChangeNothing() {
        VirtualTime time = new VirtualTime();
        List<EndpointSource.Listener> listeners = new ArrayList<>();
        EndpointSource source = listener -> {
            listeners.add(listener);
            listener.onEndpoints(List.of(Bench.endpoints("a", "b")));
            return () -> {};
        };
        LoadBalancer balancer = LoadBalancer.builder("orders", source, Bench.FIRST)
                .ticker(time)
                .scheduler(time)
                .healthTracker(Bench.tracker())
                .build();
        Lease lease = balancer.acquire(RequestContext.none());
        balancer.close();
        balancer.close();
        listeners.get(0).onEndpoints(List.of(Bench.endpoints("c")));
        lease.overloaded(Duration.ofSeconds(1));
        lease.close();
        balancer.tick();
        assertEquals(0, lease.node().inFlight());
        assertEquals(0, time.waiting());
        assertTrue(balancer.ready().isDone());
        assertFalse(balancer.toString().contains("c.example"));
    }
}
