package io.lb4j;

import java.util.List;

/**
 * Arranges nodes into tiers: which serve now, in what proportion, and which stand by.
 *
 * <p>Pure and serialized; runs when nodes change, not per pick. Ready-made ones are in {@code io.lb4j.locality}.
 */
@FunctionalInterface
public interface LocalityPolicy {
    /**
     * Arranges the nodes that can be used.
     *
     * <p>The engine also calls it with every eligible node as if it were up, to judge per tier how much of it is usable.
     *
     * @param nodes the nodes and their states, at least one of them usable
     * @return the tiers in the order of preference; a node left out serves nobody
     */
    List<Tier> arrange(Availability nodes);

    /**
     * Tells whether the usable nodes can carry the load together though no tier has half of its nodes usable, so that
     * there need be no panic.
     *
     * @param nodes the nodes and their states
     * @return false by default: a tier carries its load alone or not at all
     */
    default boolean suffices(Availability nodes) {
        return false;
    }

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
     * Returns the policy that puts all nodes into one tier, whatever their priority. Degraded nodes belong to it only
     * while fewer than half of the nodes are healthy; else they are a fallback.
     *
     * @return the policy
     */
    static LocalityPolicy none() {
        return nodes -> List.of(new Tier(nodes.serving(), 1), new Tier(nodes.reserve(), 0));
    }

    /**
     * Returns the policy that forms one tier per {@link Endpoint#priority() priority}: the lowest number that has a
     * healthy node serves, the others are backups in order (NGINX {@code backup}, HAProxy {@code backup}, Apache {@code
     * lbset}). Degraded nodes that are not needed come last.
     *
     * @return the policy; it is the default
     */
    static LocalityPolicy byPriority() {
        return byPriority(none());
    }

    /**
     * Returns the policy that forms tiers by {@link Endpoint#priority() priority}, and has the nodes of each priority
     * arranged by another policy.
     *
     * @param within arranges the nodes of one priority; what it gives a share serves as long as no lower priority has
     *     a healthy node
     * @return the policy
     */
    static LocalityPolicy byPriority(LocalityPolicy within) {
        return new Backups(Checks.notNull("within", within));
    }
}
