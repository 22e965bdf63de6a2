package io.lb4j.testkit;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes one request after the other, each with another key, each answered with success after a millisecond. */
final class SequentialClient {
    private final VirtualTime time = new VirtualTime();
    private int requests;

    NodeSet nodes(double... weights) {
        Endpoint[] endpoints = IntStream.range(0, weights.length)
                .mapToObj(i -> Endpoint.of("node-" + i, 80).withWeight(weights[i]))
                .toArray(Endpoint[]::new);
        return NodeSet.of(time, endpoints);
    }

    NodeSet equalNodes(int count) {
        return nodes(IntStream.range(0, count).mapToDouble(i -> 1).toArray());
    }

    long now() {
        return time.nanoTime();
    }

    void waitForAMillisecond() {
        time.advance(Duration.ofMillis(1));
    }

    RequestContext request(Set<Node> excluded) {
        return new Request("key-" + requests++, excluded);
    }

    Node use(Balancer prepared, NodeSet nodes) {
        Node picked = prepared.pick(nodes, request(Set.of()), now());
        assertNotNull(picked, "no node was picked");
        assertTrue(isIn(nodes, picked), picked + " is not among the candidates");
        try (Lease lease = picked.acquire()) {
            waitForAMillisecond();
            assertTrue(lease.report(Outcome.SUCCESS));
        }
        return picked;
    }

    Shares use(int times, Balancer prepared, NodeSet nodes) {
        Shares shares = new Shares(nodes);
        for (int i = 0; i < times; i++) {
            shares.count(use(prepared, nodes));
        }
        return shares;
    }

    static boolean isIn(NodeSet nodes, Node node) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) == node) {
                return true;
            }
        }
        return false;
    }

    /** The nodes whose bits are set. */
    static Set<Node> subset(NodeSet nodes, int mask) {
        Set<Node> subset = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            if ((mask & 1 << i) != 0) {
                subset.add(nodes.get(i));
            }
        }
        return subset;
    }
}
