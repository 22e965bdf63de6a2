package io.lb4j.benchmarks.report;

import io.lb4j.benchmarks.report.Target.Figure;
import java.util.List;

/** What LB4J wants to reach. */
final class Targets {
    private static final Key ROUND_ROBIN = pick("roundRobin", 10, "equal");
    private static final Key WEIGHTED_ROUND_ROBIN = pick("weightedRoundRobin", 10, "skewed");

    private Targets() {}

    static List<Target> all() {
        return List.of(
                ratio("round robin, 10 nodes: to the atomic floor", ROUND_ROBIN, Floors.ATOMIC, 1.2),
                ratio("... 2 threads: to 1 thread", ROUND_ROBIN.withThreads(2), ROUND_ROBIN, 1.1),
                ratio("weighted round robin, 10 nodes: to the atomic floor", WEIGHTED_ROUND_ROBIN, Floors.ATOMIC, 1.5),
                ratio("... 2 threads: to 1 thread", WEIGHTED_ROUND_ROBIN.withThreads(2), WEIGHTED_ROUND_ROBIN, 1.1),
                ratio(
                        "weighted random, 10 equal nodes: to the random floor",
                        pick("weightedRandom", 10, "equal"),
                        Floors.RANDOM,
                        2),
                ratio("... 1,000 skewed nodes", pick("weightedRandom", 1000, "skewed"), Floors.RANDOM, 2),
                ratio(
                        "Maglev, 10 equal nodes: to the random floor and one hash",
                        pick("maglev", 10, "equal"),
                        Floors.RANDOM_HASHED,
                        2),
                ratio("... 1,000 skewed nodes", pick("maglev", 1000, "skewed"), Floors.RANDOM_HASHED, 2),
                ratio(
                        "ring of 160,000 points: to a binary search",
                        Key.of("HashBenchmark.ringLookup", 1),
                        Floors.BINARY_SEARCH,
                        1 / 6.0),
                ratio(
                        "least response time, 10 nodes, full cycle: to two nanoTime",
                        cycle("leastResponseTime", 10, 0),
                        Floors.CLOCK,
                        2.25),
                ratio("... 100 nodes", cycle("leastResponseTime", 100, 0), Floors.CLOCK, 2.75),
                ratio("... 10 nodes, one of them ejected", cycle("leastResponseTime", 10, 1), Floors.CLOCK, 2.25),
                ratio(
                        "... 10 nodes, 2 threads: to a random pick",
                        cycle("leastResponseTime", 10, 0).withThreads(2),
                        cycle("random", 10, 0).withThreads(2),
                        1.8),
                bytes("bytes per pick", pick("leastResponseTime", 100, "equal"), 0),
                bytes("bytes per lease", cycle("leastResponseTime", 10, 0), 32),
                bytes("bytes per lease, one node ejected", cycle("leastResponseTime", 10, 1), 32),
                more("balanced call, canned answer: to the plain client", "canned", Figure.MORE_NANOS, 1500),
                more("... bytes", "canned", Figure.MORE_BYTES, 1500));
    }

    private static Key pick(String algorithm, int endpoints, String weights) {
        return Key.of(
                "PickBenchmark.pick", 1, "algorithm=" + algorithm, "endpoints=" + endpoints, "weights=" + weights);
    }

    private static Key cycle(String algorithm, int endpoints, int ejected) {
        return Key.of(
                "LeaseBenchmark.cycle", 1, "algorithm=" + algorithm, "endpoints=" + endpoints, "ejected=" + ejected);
    }

    private static Target ratio(String name, Key measured, Key base, double limit) {
        return new Target(name, measured, base, Figure.RATIO, limit);
    }

    private static Target bytes(String name, Key measured, double limit) {
        return new Target(
                name, measured, measured, Figure.BYTES, limit + 0.5); // the profiler counts what JMH itself allocates
    }

    private static Target more(String name, String benchmark, Figure figure, double limit) {
        Key balanced = Key.of("InterceptorBenchmark." + benchmark, 1, "client=balanced");
        Key plain = Key.of("InterceptorBenchmark." + benchmark, 1, "client=plain");
        return new Target(name, balanced, plain, figure, limit);
    }
}
