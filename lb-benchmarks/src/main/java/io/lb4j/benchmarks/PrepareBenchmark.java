package io.lb4j.benchmarks;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.NodeSet;
import io.lb4j.Ticker;
import java.util.Arrays;
import java.util.List;
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

/** What a change of the list costs: the algorithm alone, and the whole way from the source to the new plan. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PrepareBenchmark {
    /** The algorithm. */
    @Param({
        "roundRobin",
        "weightedRoundRobin",
        "weightedRandom",
        "leastRequests",
        "leastResponseTime",
        "maglev",
        "ringHash",
        "ketama",
        "rendezvous"
    })
    public String algorithm = "roundRobin";

    /** The number of endpoints. */
    @Param({"10", "100", "1000", "10000"})
    public int endpoints = 10;

    /** What they weigh. */
    @Param({"equal", "skewed"})
    public String weights = "equal";

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private NodeSet[] sets;

    @SuppressWarnings("NullAway.Init")
    private List<List<Endpoint>> lists;

    @SuppressWarnings("NullAway.Init")
    private Balancer prepared;

    @SuppressWarnings("NullAway.Init")
    private MutableEndpointSource source;

    @SuppressWarnings("NullAway.Init")
    private LoadBalancer balancer;

    private int turn;

    /** Makes two lists that differ by one endpoint. */
    @Setup
    public void setUp() {
        List<Endpoint> all = Arrays.asList(Algorithms.endpoints(endpoints + 1, weights));
        lists = List.of(List.copyOf(all.subList(0, endpoints)), List.copyOf(all.subList(1, endpoints + 1)));
        NodeSet nodes = NodeSet.of(Ticker.system(), all.toArray(Endpoint[]::new));
        sets = new NodeSet[] {
            nodes.filter(node -> node != nodes.get(endpoints)), nodes.filter(node -> node != nodes.get(0))
        };
        prepared = Algorithms.named(algorithm);
        source = MutableEndpointSource.of(all.toArray(Endpoint[]::new));
        balancer = LoadBalancer.builder("benchmark", source, Algorithms.named(algorithm))
                .build();
    }

    /** Ends the balancer. */
    @TearDown
    public void tearDown() {
        balancer.close();
    }

    /** The algorithm is made ready for a list in which one endpoint is another. */
    @Benchmark
    public Balancer prepare() {
        turn ^= 1;
        prepared = prepared.prepare(sets[turn]);
        return prepared;
    }

    /** The source delivers a list in which one endpoint is another; returns when the plan is in force. */
    @Benchmark
    public void deliver() {
        turn ^= 1;
        source.set(lists.get(turn));
    }
}
