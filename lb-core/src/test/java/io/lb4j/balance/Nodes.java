package io.lb4j.balance;

import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Sets of nodes for tests, and what happens on them. */
final class Nodes {
    private Nodes() {}

    static NodeSet of(VirtualTime time, double... weights) {
        return NodeSet.of(
                time,
                IntStream.range(0, weights.length)
                        .mapToObj(i -> Endpoint.of("node-" + i, 80).withWeight(weights[i]))
                        .toArray(Endpoint[]::new));
    }

    static NodeSet equal(VirtualTime time, int count) {
        return of(time, DoubleStream.generate(() -> 1).limit(count).toArray());
    }

    static int indexOf(NodeSet nodes, Node node) {
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i) == node)
                .findFirst()
                .orElseThrow();
    }

    /** A request on the node, one that takes this long. */
    static void serve(VirtualTime time, Node node, Duration latency, Outcome outcome) {
        try (Lease lease = node.acquire()) {
            time.advance(latency);
            lease.report(outcome);
        }
    }

    static RequestContext excluding(Node... excluded) {
        Set<Node> nodes = Set.of(excluded);
        return new RequestContext() {
            @Override
            public boolean hasExclusions() {
                return true;
            }

            @Override
            public boolean excludes(Node node) {
                return nodes.contains(node);
            }
        };
    }

    /** A source that gives these numbers, over and over. */
    static Supplier<RandomGenerator> scripted(long... numbers) {
        RandomGenerator random = new RandomGenerator() {
            private int next;

            @Override
            public long nextLong() {
                return numbers[next++ % numbers.length];
            }
        };
        return () -> random;
    }

    /** A source that must not be asked. */
    static Supplier<RandomGenerator> none() {
        return () -> {
            throw new AssertionError("a random number was asked for");
        };
    }
}
