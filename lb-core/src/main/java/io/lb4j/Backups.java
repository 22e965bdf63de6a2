package io.lb4j;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** One priority after the other: what a lower number can do, a higher one does not get. */
record Backups(LocalityPolicy within) implements LocalityPolicy {
    @Override
    public List<Tier> arrange(Availability nodes) {
        List<Tier> tiers = new ArrayList<>();
        List<Availability> degraded = new ArrayList<>();
        for (Availability level : levels(nodes)) {
            boolean healthy = !level.healthy().isEmpty();
            if (healthy) {
                append(tiers, level.only(level.serving()));
            }
            degraded.add(level.only(healthy ? level.reserve() : level.degraded()));
        }
        degraded.forEach(level -> append(tiers, level));
        return tiers;
    }

    /** One priority that can carry the load is enough, as one tier is that stands. */
    @Override
    public boolean suffices(Availability nodes) {
        return levels(nodes).stream().anyMatch(level -> within.suffices(level.only(level.serving())));
    }

    private static List<Availability> levels(Availability nodes) {
        TreeSet<Integer> priorities = new TreeSet<>();
        nodes.eligible().forEach(node -> priorities.add(node.endpoint().priority()));
        return priorities.stream()
                .map(priority -> nodes.filter(node -> node.endpoint().priority() == priority))
                .toList();
    }

    /** Whatever comes behind other tiers is a fallback. */
    private void append(List<Tier> tiers, Availability level) {
        if (level.usable().isEmpty()) {
            return;
        }
        boolean first = tiers.stream().allMatch(tier -> tier.nodes().isEmpty());
        for (Tier tier : within.arrange(level)) {
            tiers.add(first ? tier : new Tier(tier.nodes(), 0));
        }
    }
}
