package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Random subsetting (gRFC A68): each client ranks all nodes by a hash of its own, and uses the first that are healthy.
 *
 * @param size how many nodes to use
 * @param seed tells this client from others
 */
record Subset(int size, long seed) implements LocalityPolicy {
    @Override
    public List<Tier> arrange(Availability nodes) {
        NodeSet serving = nodes.serving();
        if (serving.size() <= size) {
            return LocalityPolicy.none().arrange(nodes);
        }
        Set<Node> first = new HashSet<>(HashOrder.of(serving, seed).subList(0, size));
        return List.of(
                new Tier(serving.filter(first::contains), 1),
                new Tier(serving.filter(node -> !first.contains(node)), 0),
                new Tier(nodes.reserve(), 0));
    }
}
