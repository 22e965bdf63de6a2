package io.lb4j;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Arranges nodes into tiers: which serve now, in what proportion, and which stand by.
 *
 * <p>Pure and serialized; runs when nodes change, not per pick.
 */
@FunctionalInterface
public interface LocalityPolicy {
    /**
     * Arranges the usable nodes.
     *
     * <p>The engine also calls it with all nodes that are neither disabled nor draining, to judge per tier how much of
     * it is usable.
     *
     * @param usable the nodes that may serve, never empty
     * @param all every node of the LoadBalancer
     * @return the tiers in the order of preference; a node left out serves nobody
     */
    List<Tier> arrange(NodeSet usable, NodeSet all);

    /**
     * Nodes that serve together.
     *
     * @param nodes the nodes; an empty tier is passed over
     * @param share which part of the requests starts here, relative to the other tiers; 0 = a fallback, tried in order
     *     within the same acquire when all tiers before it rejected the request
     */
    record Tier(NodeSet nodes, double share) {
        /** Checks the share. */
        public Tier {
            Checks.notNull("nodes", nodes);
            Checks.notNegative("share", share);
        }
    }

    /**
     * Returns the policy that puts all nodes into one tier, whatever their priority.
     *
     * @return the policy
     */
    static LocalityPolicy none() {
        return (usable, all) -> List.of(new Tier(usable, 1));
    }

    /**
     * Returns the policy that forms one tier per {@link Endpoint#priority() priority}: the lowest number serves, the
     * others are backups in order (NGINX {@code backup}, HAProxy {@code backup}, Apache {@code lbset}).
     *
     * @return the policy; it is the default
     */
    static LocalityPolicy byPriority() {
        return (usable, all) -> {
            TreeMap<Integer, Boolean> priorities = new TreeMap<>();
            for (Node node : usable) {
                priorities.put(node.endpoint().priority(), true);
            }
            if (priorities.size() == 1) {
                return List.of(new Tier(usable, 1));
            }
            List<Tier> tiers = new ArrayList<>();
            for (int priority : priorities.keySet()) {
                NodeSet members = usable.filter(node -> node.endpoint().priority() == priority);
                tiers.add(new Tier(members, tiers.isEmpty() ? 1 : 0));
            }
            return List.copyOf(tiers);
        };
    }
}
