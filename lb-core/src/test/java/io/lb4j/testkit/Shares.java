package io.lb4j.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts picks per node and compares them with expected shares.
 *
 * <p>The bound: if a node has probability p in each of m independent picks, Bernstein's inequality gives {@code P(|X - mp|
 * >= t) <= 2 exp(-t^2 / (2 (mp(1-p) + t/3)))}. Solved for t with {@code L = ln(2n / 1e-6)}, so that all n nodes of a
 * check together raise a false alarm with a probability of at most 1e-6, that is {@code t = L/3 + sqrt(L^2/9 +
 * 2 m p (1-p) L)}. An algorithm that spreads more evenly than chance stays further inside.
 */
final class Shares {
    private static final double FALSE_ALARM = 1e-6;

    private final NodeSet nodes;
    private final Map<Node, Integer> counts = new HashMap<>();
    private int picks;

    Shares(NodeSet nodes) {
        this.nodes = nodes;
    }

    void count(Node node) {
        counts.merge(node, 1, Integer::sum);
        picks++;
    }

    int of(Node node) {
        return counts.getOrDefault(node, 0);
    }

    /** Checks the share of each node: equal ones, or as the weights are; {@code tolerance} is relative, on top of chance. */
    void check(boolean byWeight, double tolerance) {
        double log = Math.log(2 * nodes.size() / FALSE_ALARM);
        for (int i = 0; i < nodes.size(); i++) {
            double share = byWeight ? nodes.weight(i) / nodes.totalWeight() : 1.0 / nodes.size();
            double expected = share * picks;
            double chance = log / 3 + Math.sqrt(log * log / 9 + 2 * expected * (1 - share) * log);
            double off = Math.abs(of(nodes.get(i)) - expected);
            String message = "%s got %d of %d picks, expected %.0f +- %.0f"
                    .formatted(nodes.get(i), of(nodes.get(i)), picks, expected, chance + tolerance * expected);
            assertTrue(off <= chance + tolerance * expected, message);
        }
    }
}
