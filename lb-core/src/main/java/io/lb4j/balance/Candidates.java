package io.lb4j.balance;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The nodes of a set that may be picked, and ways to draw from them. */
final class Candidates {
    private Candidates() {}

    /** The nodes of more than weight 0. */
    static Node[] weighted(NodeSet nodes) {
        return Arrays.stream(indexes(nodes)).mapToObj(nodes::get).toArray(Node[]::new);
    }

    /** All nodes, if they weigh the same, more than 0; else none. */
    static Node[] ifEqual(NodeSet nodes) {
        boolean equal = IntStream.range(0, nodes.size())
                .allMatch(i -> nodes.weight(i) > 0 && nodes.weight(i) == nodes.weight(0));
        return equal ? weighted(nodes) : new Node[0];
    }

    /** Where in the set the nodes of more than weight 0 are. */
    static int[] indexes(NodeSet nodes) {
        return IntStream.range(0, nodes.size()).filter(i -> nodes.weight(i) > 0).toArray();
    }

    /** Where in the sequence each node is. */
    static Map<Node, Integer> positions(Iterable<Node> nodes) {
        Map<Node, Integer> positions = new HashMap<>();
        nodes.forEach(node -> positions.put(node, positions.size()));
        return positions;
    }

    /** What the nodes of more than weight 0 weigh now, slow start included. */
    static double[] effectiveWeights(NodeSet nodes) {
        long now = nodes.nanoTime();
        return Arrays.stream(indexes(nodes))
                .mapToDouble(i -> nodes.effectiveWeight(i, now))
                .toArray();
    }

    /** One of the nodes that are not excluded, each with the probability of its weight, if {@code at} is uniform in [0, 1). */
    static @Nullable Node drawn(Node[] nodes, double[] weights, RequestContext request, double at) {
        double sum = 0;
        for (int i = 0; i < nodes.length; i++) {
            sum += request.excludes(nodes[i]) ? 0 : weights[i];
        }
        Node found = null;
        double left = at * sum;
        for (int i = 0; i < nodes.length && left >= 0; i++) {
            if (!request.excludes(nodes[i])) {
                found = nodes[i];
                left -= weights[i];
            }
        }
        return found;
    }

    /** A number from 0 to {@code n - 1} from 32 random bits; off from uniform by at most {@code n / 2^32}. */
    static int below(int n, int randomBits) {
        return (int) (((randomBits & 0xFFFFFFFFL) * n) >>> 32);
    }

    static void shuffle(int[] values, RandomGenerator random) {
        for (int last = values.length - 1; last > 0; last--) {
            int i = random.nextInt(last + 1);
            int moved = values[i];
            values[i] = values[last];
            values[last] = moved;
        }
    }

    static int countAllowed(Node[] nodes, RequestContext request) {
        int count = 0;
        for (Node node : nodes) {
            if (!request.excludes(node)) {
                count++;
            }
        }
        return count;
    }

    /** The nth node that is not excluded, from 0; the last one if there are fewer. */
    static @Nullable Node allowed(Node[] nodes, RequestContext request, int n) {
        Node found = null;
        int left = n;
        for (Node node : nodes) {
            if (!request.excludes(node)) {
                found = node;
                if (left-- == 0) {
                    break;
                }
            }
        }
        return found;
    }
}
