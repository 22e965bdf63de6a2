package io.lb4j.benchmarks;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.balance.Balancers;
import io.lb4j.hash.ConsistentHash;
import java.util.stream.IntStream;

/** The algorithms by name, and endpoints for them. */
final class Algorithms {
    private static final String EQUAL = "equal";
    private static final String SKEWED = "skewed";

    private Algorithms() {}

    static Balancer named(String name) {
        return switch (name) {
            case "roundRobin" -> Balancers.roundRobin();
            case "weightedRoundRobin" -> Balancers.weightedRoundRobin();
            case "random" -> Balancers.random();
            case "weightedRandom" -> Balancers.weightedRandom();
            case "leastRequests" -> Balancers.leastRequests();
            case "powerOfTwoChoices" -> Balancers.powerOfTwoChoices();
            case "leastResponseTime" -> Balancers.leastResponseTime();
            case "peakEwma" -> Balancers.peakEwma();
            case "byBusyness" -> Balancers.byBusyness();
            case "byTraffic" -> Balancers.byTraffic();
            case "heartbeat" -> Balancers.heartbeat();
            case "reportedLoad" -> Balancers.reportedLoad();
            case "pinned" -> Balancers.pinned();
            case "first" -> Balancers.first();
            default -> hash(name);
        };
    }

    private static Balancer hash(String name) {
        return switch (name) {
            case "maglev" -> ConsistentHash.maglev();
            case "ringHash" -> ConsistentHash.ringHash();
            case "ketama" -> ConsistentHash.ketama();
            case "nginxHash" -> ConsistentHash.nginxHash();
            case "rendezvous" -> ConsistentHash.rendezvous();
            case "jump" -> ConsistentHash.jump();
            case "boundedMaglev" -> ConsistentHash.bounded(ConsistentHash.maglev());
            default -> throw new IllegalArgumentException("algorithm: " + name + " (expected: roundRobin, maglev...)");
        };
    }

    /** Endpoints that weigh the same, or every tenth of them 50 and the others 1 to 3. */
    static Endpoint[] endpoints(int count, String weights) {
        if (!weights.equals(EQUAL) && !weights.equals(SKEWED)) {
            throw new IllegalArgumentException("weights: " + weights + " (expected: equal or skewed)");
        }
        return IntStream.range(0, count)
                .mapToObj(i -> endpoint(i).withWeight(weights.equals(EQUAL) ? 1 : i % 10 == 0 ? 50 : 1 + i % 3))
                .toArray(Endpoint[]::new);
    }

    static Endpoint endpoint(int i) {
        return Endpoint.of("10." + i / 62_500 + "." + i / 250 % 250 + "." + (i % 250 + 1), 80);
    }
}
