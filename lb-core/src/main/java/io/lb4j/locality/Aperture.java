package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deterministic aperture (Finagle): clients and nodes share a ring, each client uses the nodes that its arc covers, and
 * each of them by the part that it covers, so that all nodes get the same load.
 *
 * @param size how many nodes to use at least
 * @param client the number of this client, from 0
 * @param clients how many clients there are
 */
record Aperture(int size, int client, int clients) implements LocalityPolicy {
    @Override
    public List<Tier> arrange(Availability nodes) {
        List<Node> ring = HashOrder.of(nodes.eligible(), 0);
        Map<Node, Double> covered = new HashMap<>();
        for (int i = 0; i < ring.size(); i++) {
            covered.put(ring.get(i), covered(i, ring.size()));
        }
        NodeSet serving = nodes.serving();
        Map<Node, Double> weights = new HashMap<>();
        for (int i = 0; i < serving.size(); i++) {
            weights.put(serving.get(i), serving.weight(i) * covered.getOrDefault(serving.get(i), 0.0));
        }
        NodeSet used = serving.filter(node -> covered.getOrDefault(node, 0.0) > 0)
                .weighted(node -> weights.getOrDefault(node, 0.0));
        return List.of(
                new Tier(used, 1),
                new Tier(serving.filter(node -> covered.getOrDefault(node, 0.0) == 0), 0),
                new Tier(nodes.reserve(), 0));
    }

    /** Which part of a node of the ring belongs to this client's arc; in whole numbers, a node is as long as all clients. */
    double covered(int node, int nodes) {
        long ring = (long) clients * nodes;
        long arcs = Math.min(clients, ((long) size * clients + nodes - 1) / nodes);
        long from = (long) client * nodes;
        long to = from + arcs * nodes;
        long begin = (long) node * clients;
        return (overlap(from, to, begin) + overlap(from, to, begin + ring)) / (double) clients;
    }

    private long overlap(long from, long to, long begin) {
        return Math.max(0, Math.min(to, begin + clients) - Math.max(from, begin));
    }
}
