package io.lb4j.benchmarks.peers;

import static io.lb4j.benchmarks.peers.Comparison.Kind.CYCLE;
import static io.lb4j.benchmarks.peers.Comparison.Kind.KEY;
import static io.lb4j.benchmarks.peers.Comparison.Kind.PICK;

import java.util.List;

/** All comparisons, peer after peer. */
final class Comparisons {
    private static final List<Comparison> ALL = List.of(
            new Comparison(
                    "ArmeriaRoundRobin",
                    "ofRoundRobin",
                    "roundRobin",
                    PICK,
                    "Armeria counts in one atomic, which all threads share; its cursor begins again with each new list."),
            new Comparison(
                    "ArmeriaWeightedRoundRobin",
                    "ofWeightedRoundRobin",
                    "weightedRoundRobin",
                    PICK,
                    "Armeria gives a heavy endpoint many turns in a row."),
            new Comparison(
                    "ArmeriaWeightedRandom",
                    "ofWeightedRandom",
                    "weightedRandom",
                    PICK,
                    "Armeria draws without replacement until all weights are used up, under a lock."),
            new Comparison(
                    "ArmeriaSticky",
                    "ofSticky",
                    "maglev",
                    KEY,
                    "Armeria takes the jump hash of an index, which needs no table and moves most keys when an endpoint leaves that is not the last."),
            new Comparison(
                    "DialogueBalanced",
                    "BALANCED",
                    "leastRequests",
                    CYCLE,
                    "Both count failures, too. Dialogue shuffles and sorts all channels; it does not measure latencies, and we do."),
            new Comparison(
                    "DubboRoundRobin",
                    "roundrobin",
                    "weightedRoundRobin",
                    PICK,
                    "Dubbo gets the list of endpoints in each call, and looks up the weight of each."),
            new Comparison(
                    "DubboRandom",
                    "random",
                    "weightedRandom",
                    PICK,
                    "Dubbo gets the list of endpoints in each call, and looks up the weight of each."),
            new Comparison(
                    "DubboLeastActive",
                    "leastactive",
                    "leastRequests",
                    PICK,
                    "Dubbo gets the list of endpoints in each call, and looks up the count and weight of each."),
            new Comparison(
                    "DubboShortestResponse",
                    "shortestresponse",
                    "leastResponseTime",
                    PICK,
                    "Dubbo gets the list of endpoints in each call, and looks up the latencies and weight of each."),
            new Comparison(
                    "DubboConsistentHash",
                    "consistenthash",
                    "ringHash",
                    KEY,
                    "Dubbo makes a hash of the list in each call to see whether it has changed, and takes MD5 of the key."),
            new Comparison(
                    "FinagleRoundRobin",
                    "roundRobin",
                    "roundRobin",
                    PICK,
                    "Finagle hands out a Future of a Service, which is closed; we pick only."),
            new Comparison(
                    "FinagleTwoChoices",
                    "p2c",
                    "powerOfTwoChoices",
                    CYCLE,
                    "Finagle counts requests in flight; we also measure latency and failures. Its services come as Futures."),
            new Comparison(
                    "FinagleHeap",
                    "heap",
                    "leastRequests",
                    CYCLE,
                    "Finagle counts requests in flight, in a heap under a lock; we also measure latency and failures. Its services come as Futures."),
            new Comparison(
                    "FinaglePeakEwma",
                    "p2cPeakEwma",
                    "leastResponseTime",
                    CYCLE,
                    "Finagle looks at two nodes, we look at all. It measures its latencies itself, so they are those of the benchmark."),
            new Comparison(
                    "GrpcRoundRobin", "round_robin", "roundRobin", PICK, "gRPC returns a result with a subchannel."),
            new Comparison(
                    "GrpcStaticStride",
                    "weighted_round_robin",
                    "weightedRoundRobin",
                    PICK,
                    "Of gRPC only the scheduler, which returns an index. It clamps weights to a tenth and ten times the mean; with weights 1 to 10 that changes nothing."),
            new Comparison(
                    "GrpcLeastRequest",
                    "least_request",
                    "powerOfTwoChoices",
                    PICK,
                    "gRPC may draw the same node twice, and returns a result that will count the call."),
            new Comparison(
                    "GrpcRingHash",
                    "ring_hash",
                    "ringHash",
                    KEY,
                    "The same sizes of rings. For gRPC the options of the calls are made beforehand."),
            new Comparison(
                    "RibbonRoundRobin", "RoundRobinRule", "roundRobin", PICK, "Ribbon counts each pick in a monitor."),
            new Comparison(
                    "RibbonZoneAvoidance",
                    "ZoneAvoidanceRule",
                    "roundRobin",
                    PICK,
                    "Ribbon checks each server by two predicates in each call; we do that when the plan is made."),
            new Comparison(
                    "RibbonBestAvailable",
                    "BestAvailableRule",
                    "leastRequests",
                    PICK,
                    "Ribbon also checks the circuit breaker of each server, and looks up its statistics."),
            new Comparison(
                    "ServiceTalkRoundRobin",
                    "RoundRobinSelector",
                    "roundRobin",
                    PICK,
                    "ServiceTalk also picks a connection of the host, here the only one, and returns a Single."),
            new Comparison(
                    "ServiceTalkWeightedRoundRobin",
                    "RoundRobinSelector, weighted",
                    "weightedRoundRobin",
                    PICK,
                    "ServiceTalk also picks a connection of the host, here the only one, and returns a Single."),
            new Comparison(
                    "ServiceTalkTwoChoices",
                    "P2CSelector",
                    "leastResponseTime",
                    CYCLE,
                    "ServiceTalk looks at two hosts, we look at all. Its averages are whole milliseconds under a lock, ours nanoseconds without."),
            new Comparison(
                    "SpringRoundRobin",
                    "RoundRobinLoadBalancer",
                    "roundRobin",
                    PICK,
                    "Spring gets the list of endpoints in each call, and returns a Mono."),
            new Comparison(
                    "SpringRandom",
                    "RandomLoadBalancer",
                    "random",
                    PICK,
                    "Spring gets the list of endpoints in each call, and returns a Mono."),
            new Comparison(
                    "SpringWeighted",
                    "WeightedServiceInstanceListSupplier",
                    "weightedRoundRobin",
                    PICK,
                    "Spring makes the weighted list anew in each call, and returns a Mono."),
            new Comparison(
                    "StorkRoundRobin",
                    "round-robin",
                    "roundRobin",
                    PICK,
                    "Stork gets the list of endpoints in each call, copies and sorts it."),
            new Comparison(
                    "StorkTwoChoices",
                    "power-of-two-choices",
                    "powerOfTwoChoices",
                    PICK,
                    "Stork gets the list of endpoints in each call, copies it, and may draw the same endpoint twice."),
            new Comparison(
                    "StorkLeastRequests",
                    "least-requests",
                    "leastRequests",
                    PICK,
                    "Stork looks the count of each endpoint up in a map, and takes the first of equals."),
            new Comparison(
                    "StorkLeastResponseTime",
                    "least-response-time",
                    "leastResponseTime",
                    CYCLE,
                    "Stork does not count requests in flight."),
            new Comparison(
                    "VertxRoundRobin",
                    "ROUND_ROBIN",
                    "roundRobin",
                    PICK,
                    "Vert.x counts in one atomic, which all threads share, and takes a remainder that is negative after 2^31 picks."),
            new Comparison("VertxRandom", "RANDOM", "random", PICK, "The same work."),
            new Comparison(
                    "VertxTwoChoices",
                    "POWER_OF_TWO_CHOICES",
                    "powerOfTwoChoices",
                    PICK,
                    "The same work; Vert.x returns an index."),
            new Comparison(
                    "VertxLeastRequests",
                    "LEAST_REQUESTS",
                    "leastRequests",
                    PICK,
                    "Vert.x takes the first of equals; we take a random one."),
            new Comparison(
                    "VertxConsistentHash",
                    "CONSISTENT_HASHING, 160 points",
                    "ringHash",
                    KEY,
                    "Vert.x takes MD5 of the key."));

    private Comparisons() {}

    /** The comparison that a class measures. */
    static Comparison of(String type) {
        return ALL.stream()
                .filter(each -> each.type().equals(type))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(type + ": not described (expected: a line in Comparisons)"));
    }
}
