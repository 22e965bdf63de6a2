package io.lb4j.benchmarks;

import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Requests while the list of endpoints changes: a tenth of it is replaced at each change, by a thread of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UpdateBenchmark {
    /** The algorithm. */
    @Param({"roundRobin", "weightedRandom", "leastResponseTime", "maglev"})
    public String algorithm = "roundRobin";

    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    /** Changes per second, 0 or more. */
    @Param({"0", "10", "100"})
    public int changes;

    private final ScheduledExecutorService changer = Executors.newSingleThreadScheduledExecutor();

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private LoadBalancer balancer;

    private int turn;

    /** Starts the changes. */
    @Setup
    public void setUp() {
        List<Endpoint> all = Arrays.asList(Algorithms.endpoints(endpoints + endpoints / 10, "equal"));
        List<List<Endpoint>> lists =
                List.of(List.copyOf(all.subList(0, endpoints)), List.copyOf(all.subList(endpoints / 10, all.size())));
        MutableEndpointSource source = MutableEndpointSource.of(lists.get(0).toArray(Endpoint[]::new));
        balancer = LoadBalancer.builder("benchmark", source, Algorithms.named(algorithm))
                .build();
        if (changes > 0) {
            long period = TimeUnit.SECONDS.toMicros(1) / changes;
            var ignored = changer.scheduleAtFixedRate(
                    () -> {
                        turn ^= 1;
                        source.set(lists.get(turn));
                    },
                    period,
                    period,
                    TimeUnit.MICROSECONDS);
        }
    }

    /** Ends the changes and the balancer. */
    @TearDown
    public void tearDown() {
        changer.shutdownNow();
        balancer.close();
    }

    /** What each thread asks with. */
    @State(Scope.Thread)
    public static class Requests {
        private final RequestContext keys = new Keys(Thread.currentThread().getId());
        private final Latencies latencies = new Latencies(Thread.currentThread().getId());
    }

    /** Acquire, report and close. */
    @Benchmark
    public Lease cycle(Requests requests) {
        Lease lease = balancer.acquire(requests.keys);
        lease.report(Outcome.SUCCESS, requests.latencies.next());
        lease.close();
        return lease;
    }
}
