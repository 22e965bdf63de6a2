package io.lb4j.locality;

import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Nodes in an order that depends on their ids alone, not on how they were delivered. */
final class HashOrder {
    private static final Comparator<Ranked> BY_RANK = Comparator.comparingLong(Ranked::rank)
            .thenComparing(each -> each.node().endpoint().id());

    private HashOrder() {}

    private record Ranked(long rank, Node node) {}

    /** The nodes by the hash of their ids; another seed gives another order. */
    static List<Node> of(NodeSet nodes, long seed) {
        List<Ranked> ranked = new ArrayList<>();
        for (Node node : nodes) {
            ranked.add(new Ranked(HashKey.of(node.endpoint().id(), seed), node));
        }
        ranked.sort(BY_RANK);
        return ranked.stream().map(Ranked::node).toList();
    }
}
