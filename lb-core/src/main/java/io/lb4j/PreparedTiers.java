package io.lb4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm as it was prepared last for each tier; an instance hands its cursor on to the next one for the same
 * tier. Immutable.
 *
 * <p>Tiers have no names, and their places change as others come and go. So a tier follows the one with which it has
 * most nodes in common; one whose nodes have all been replaced in the list of endpoints follows the one in its place.
 */
final class PreparedTiers {
    private final Balancer configured;
    private final List<Plan.Prepared> tiers;

    /** Before anything was prepared. */
    PreparedTiers(Balancer configured) {
        this(configured, List.of());
    }

    private PreparedTiers(Balancer configured, List<Plan.Prepared> tiers) {
        this.configured = configured;
        this.tiers = tiers;
    }

    List<Plan.Prepared> tiers() {
        return tiers;
    }

    /**
     * Prepares what must be prepared.
     *
     * @param all every node there is now
     * @param again whether to prepare for tiers whose nodes are the same, too
     */
    PreparedTiers next(List<LocalityPolicy.Tier> wanted, NodeSet all, boolean again) {
        List<Plan.@Nullable Prepared> before = predecessors(wanted, all);
        List<Plan.Prepared> next = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            next.add(prepared(wanted.get(i), before.get(i), again));
        }
        return new PreparedTiers(configured, List.copyOf(next));
    }

    private Plan.Prepared prepared(LocalityPolicy.Tier tier, Plan.@Nullable Prepared last, boolean again) {
        if (last != null && !again && last.nodes().sameAs(tier.nodes())) {
            return new Plan.Prepared(last.nodes(), tier.share(), last.balancer());
        }
        Balancer from = last == null ? configured : last.balancer();
        Balancer ready = Checks.notNull("what prepare returned", from.prepare(tier.nodes()));
        return new Plan.Prepared(tier.nodes(), tier.share(), ready);
    }

    /** Which of the tiers before each tier follows, by place; none follows two, and none is followed twice. */
    private List<Plan.@Nullable Prepared> predecessors(List<LocalityPolicy.Tier> wanted, NodeSet all) {
        Plan.@Nullable Prepared[] found = new Plan.@Nullable Prepared[wanted.size()];
        boolean[] taken = new boolean[tiers.size()];
        for (Match match : matches(wanted)) {
            if (found[match.tier()] == null && !taken[match.before()]) {
                found[match.tier()] = tiers.get(match.before());
                taken[match.before()] = true;
            }
        }
        Set<Node> members = new HashSet<>();
        all.forEach(members::add);
        for (int i = 0; i < Math.min(found.length, taken.length); i++) {
            if (found[i] == null && !taken[i] && haveLeft(tiers.get(i).nodes(), members)) {
                found[i] = tiers.get(i);
            }
        }
        return Arrays.asList(found);
    }

    private static boolean haveLeft(NodeSet nodes, Set<Node> members) {
        for (Node node : nodes) {
            if (members.contains(node)) {
                return false;
            }
        }
        return true;
    }

    private record Match(int tier, int before, int common) {}

    /** Which tiers have nodes in common with which tiers before, most first. */
    private List<Match> matches(List<LocalityPolicy.Tier> wanted) {
        Map<Node, Integer> places = new HashMap<>();
        for (int before = 0; before < tiers.size(); before++) {
            for (Node node : tiers.get(before).nodes()) {
                places.putIfAbsent(node, before);
            }
        }
        List<Match> matches = new ArrayList<>();
        for (int tier = 0; tier < wanted.size(); tier++) {
            Map<Integer, Integer> common = new HashMap<>();
            for (Node node : wanted.get(tier).nodes()) {
                Integer place = places.get(node);
                if (place != null) {
                    common.merge(place, 1, Integer::sum);
                }
            }
            int place = tier;
            common.forEach((before, count) -> matches.add(new Match(place, before, count)));
        }
        matches.sort((a, b) -> a.common() != b.common() ? b.common() - a.common() : a.tier() - b.tier());
        return matches;
    }
}
