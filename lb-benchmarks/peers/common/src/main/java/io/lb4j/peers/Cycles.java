package io.lb4j.peers;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.balance.Balancers;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** LB4J's side where whole cycles are compared: acquire, report, close through a LoadBalancer, with 16 leases open. */
@State(Scope.Benchmark)
public abstract class Cycles {
    /** How many requests both sides have open. */
    public static final int OPEN = 16;

    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final Balancer algorithm;
    private final Lease[] leases = new Lease[OPEN];

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private LoadBalancer balancer;

    /** Confined to the one thread of the benchmark. */
    private int next;

    Cycles(Balancer algorithm) {
        this.algorithm = algorithm;
    }

    /** Builds the balancer and opens the leases. */
    @Setup
    public void setUp() {
        balancer = LoadBalancer.builder(
                        "peers",
                        EndpointSource.of(IntStream.range(0, endpoints)
                                .mapToObj(i -> Endpoint.of(Load.host(i), 80))
                                .toList()),
                        algorithm)
                .build();
        for (int i = 0; i < OPEN; i++) {
            leases[i] = balancer.acquire(RequestContext.none());
        }
    }

    /** Ends it. */
    @TearDown
    public void tearDown() {
        for (Lease lease : leases) {
            lease.close();
        }
        balancer.close();
    }

    /** The oldest request ends, a new one begins. */
    Lease cycle() {
        int at = next++;
        Lease oldest = leases[at & (OPEN - 1)];
        oldest.report(Outcome.SUCCESS, Load.latency(at));
        oldest.close();
        Lease fresh = balancer.acquire(RequestContext.none());
        leases[at & (OPEN - 1)] = fresh;
        return fresh;
    }

    /** {@code leastRequests}. */
    @State(Scope.Benchmark)
    public static class LeastRequests extends Cycles {
        /** For JMH. */
        public LeastRequests() {
            super(Balancers.leastRequests());
        }
    }

    /** {@code powerOfTwoChoices}. */
    @State(Scope.Benchmark)
    public static class TwoChoices extends Cycles {
        /** For JMH. */
        public TwoChoices() {
            super(Balancers.powerOfTwoChoices());
        }
    }

    /** {@code leastResponseTime}. */
    @State(Scope.Benchmark)
    public static class LeastResponseTime extends Cycles {
        /** For JMH. */
        public LeastResponseTime() {
            super(Balancers.leastResponseTime());
        }
    }
}
