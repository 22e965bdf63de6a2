package io.lb4j.benchmarks;

import io.lb4j.EndpointSource;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The whole cycle of one request through a LoadBalancer: acquire, report, close, with 16 leases open per thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LeaseBenchmark {
    /** The algorithm. */
    @Param({"random", "roundRobin", "leastRequests", "powerOfTwoChoices", "leastResponseTime", "peakEwma", "byTraffic"})
    public String algorithm = "random";

    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    /** How many of them are ejected, for {@link Lease#LONGEST_OVERLOAD}: a fork that takes longer gets them back. */
    @Param({"0", "1"})
    public int ejected;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private LoadBalancer balancer;

    /** Builds the balancer. */
    @Setup
    public void setUp() {
        EndpointSource source = EndpointSource.of(List.of(Algorithms.endpoints(endpoints, "equal")));
        balancer = LoadBalancer.builder("benchmark", source, Algorithms.named(algorithm))
                .build();
        for (int i = 0; i < ejected; i++) {
            try (Lease lease = balancer.nodes().get(i).acquire()) {
                lease.rest(Lease.LONGEST_OVERLOAD, "for the benchmark");
            }
        }
    }

    /** Ends the balancer. */
    @TearDown
    public void tearDown() {
        balancer.close();
    }

    /** The leases one thread has open. */
    @State(Scope.Thread)
    public static class Open {
        private static final int COPIED_EVERY = 1024;

        /**
         * Copied now and then, so that it is young: to store a new object in an old one costs a fence of G1's, which a
         * request, as young as its lease, does not pay.
         */
        private Lease[] leases = new Lease[16];

        private final Latencies latencies =
                new Latencies(Thread.currentThread().getName().hashCode());
        private int next;

        private int at() {
            if ((next & (COPIED_EVERY - 1)) == 0) {
                leases = leases.clone();
            }
            return next++ & (leases.length - 1);
        }

        /** Opens the leases. */
        @Setup(Level.Trial)
        public void setUp(LeaseBenchmark benchmark) {
            for (int i = 0; i < leases.length; i++) {
                leases[i] = benchmark.balancer.acquire(RequestContext.none());
            }
        }

        /** Closes the leases. */
        @TearDown(Level.Trial)
        public void tearDown() {
            for (Lease lease : leases) {
                lease.close();
            }
        }
    }

    /** One request begins, the oldest one ends. */
    @Benchmark
    public Lease cycle(Open open) {
        int at = open.at();
        Lease oldest = open.leases[at];
        oldest.report(Outcome.SUCCESS, open.latencies.next());
        oldest.close();
        Lease fresh = balancer.acquire(RequestContext.none());
        open.leases[at] = fresh;
        return fresh;
    }
}
