package io.lb4j.benchmarks;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.Ticker;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One pick and nothing else: no clock, no lease.
 *
 * <p>The nodes are as busy and as slow as chance had it, and stay so; an algorithm that scans them has its branches
 * predicted. Its real cost is in {@link LeaseBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {
    private static final int MOST_OPEN = 4;
    private static final int TIME_BETWEEN_PICKS = 100;

    /** The algorithm. */
    @Param({
        "roundRobin",
        "weightedRoundRobin",
        "random",
        "weightedRandom",
        "leastRequests",
        "powerOfTwoChoices",
        "leastResponseTime",
        "peakEwma",
        "byBusyness",
        "byTraffic",
        "heartbeat",
        "reportedLoad",
        "pinned",
        "first",
        "maglev",
        "ringHash",
        "ketama",
        "nginxHash",
        "rendezvous",
        "jump",
        "boundedMaglev"
    })
    public String algorithm = "roundRobin";

    /** The number of endpoints. */
    @Param({"3", "10", "100", "1000"})
    public int endpoints = 10;

    /** What they weigh. */
    @Param({"equal", "skewed"})
    public String weights = "equal";

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private NodeSet nodes;

    @SuppressWarnings("NullAway.Init")
    private Balancer prepared;

    /** Makes the nodes and prepares the algorithm. */
    @Setup
    public void setUp() {
        nodes = NodeSet.of(Ticker.system(), Algorithms.endpoints(endpoints, weights));
        SplittableRandom random = new SplittableRandom(1);
        Latencies latencies = new Latencies(2);
        for (Node node : nodes) {
            Lease measured = node.acquire();
            measured.report(Outcome.SUCCESS, latencies.next());
            measured.transferred(random.nextInt(10_000), random.nextInt(10_000));
            measured.close();
            int open = random.nextInt(MOST_OPEN);
            for (int i = 0; i < open; i++) {
                Lease busy = node.acquire();
                busy.report(Outcome.SUCCESS, latencies.next());
            }
        }
        prepared = Algorithms.named(algorithm).prepare(nodes);
    }

    /** What each thread picks with. */
    @State(Scope.Thread)
    public static class Request {
        private final Keys keys = new Keys(Thread.currentThread().getId());
        private long now = System.nanoTime();
    }

    /** One pick. */
    @Benchmark
    public Node pick(Request request) {
        request.now += TIME_BETWEEN_PICKS;
        return Objects.requireNonNull(prepared.pick(nodes, request.keys, request.now));
    }
}
