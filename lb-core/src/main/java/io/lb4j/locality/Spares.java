package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.Endpoint;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Apache's hot spares and hot standbys: a spare serves for each worker of its set that cannot, a standby only when the
 * set has neither workers nor spares. A set is a priority ({@code lbset}).
 */
final class Spares implements LocalityPolicy {
    /** The attribute that tells the role of an endpoint. */
    static final String ROLE = "lb4j.role";

    static final String SPARE = "spare";
    static final String STANDBY = "standby";

    @Override
    public List<Tier> arrange(Availability nodes) {
        TreeSet<Integer> sets = new TreeSet<>();
        nodes.eligible().forEach(node -> sets.add(node.endpoint().priority()));
        List<NodeSet> tiers = new ArrayList<>();
        List<NodeSet> degraded = new ArrayList<>();
        for (int set : sets) {
            Availability members = nodes.filter(node -> node.endpoint().priority() == set);
            arrange(members, tiers);
            degraded.add(members.reserve());
        }
        tiers.addAll(degraded);
        tiers.removeIf(NodeSet::isEmpty);
        List<Tier> shared = new ArrayList<>();
        tiers.forEach(tier -> shared.add(new Tier(tier, shared.isEmpty() ? 1 : 0)));
        return shared;
    }

    private static void arrange(Availability members, List<NodeSet> tiers) {
        NodeSet serving = members.serving();
        NodeSet workers = serving.filter(node -> !has(SPARE, node) && !has(STANDBY, node));
        NodeSet spares = serving.filter(node -> has(SPARE, node));
        int hired = members.all()
                .filter(node -> !has(SPARE, node) && !has(STANDBY, node))
                .size();
        Set<Node> active = new HashSet<>();
        workers.forEach(active::add);
        for (int i = 0; i < Math.min(spares.size(), hired - workers.size()); i++) {
            active.add(spares.get(i));
        }
        tiers.add(serving.filter(active::contains));
        tiers.add(spares.filter(node -> !active.contains(node)));
        tiers.add(serving.filter(node -> has(STANDBY, node)));
    }

    private static boolean has(String role, Node node) {
        return role.equals(node.endpoint().attributes().get(ROLE));
    }

    /** The endpoint in this role. */
    static Endpoint as(String role, Endpoint endpoint) {
        return Checks.given("endpoint", endpoint).withAttribute(ROLE, role);
    }
}
