package io.lb4j;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Makes the plan from the nodes as they are; confined to the Roster. */
final class Planner {
    private static final double DISTRUST = 0.25;

    private final Pool pool;
    private final LocalityPolicy locality;
    private final double panicBelow;
    private Balancer balancer;
    private PreparedTiers prepared;

    Planner(Pool pool, Settings settings, Balancer balancer) {
        this.pool = pool;
        this.locality = settings.locality();
        this.panicBelow = settings.panicBelow();
        this.balancer = balancer;
        this.prepared = new PreparedTiers(balancer);
    }

    /** What the user has configured, and what has become of it. */
    record Algorithm(Balancer configured, PreparedTiers prepared) {}

    /** Changes the algorithm; returns the one before. */
    Algorithm switchTo(Balancer next) {
        Algorithm before = new Algorithm(balancer, prepared);
        switchBack(new Algorithm(next, new PreparedTiers(next)));
        return before;
    }

    void switchBack(Algorithm before) {
        balancer = before.configured();
        prepared = before.prepared();
    }

    /**
     * Makes the next plan.
     *
     * @param again whether to prepare algorithms again whose nodes are the same, since a ramp or a description changed
     */
    Plan plan(List<Node> members, ToDoubleFunction<Node> weight, boolean again) {
        NodeSet all = NodeSet.of(pool, members, weight);
        int unusable = Node.UNUSABLE;
        Availability now = snapshot(all, unusable);
        if (now.eligible().isEmpty()) { // draining nodes serve if there is nothing else
            unusable = Node.UNUSABLE & ~Node.DRAINING;
            now = snapshot(all, unusable);
        }
        if (now.eligible().isEmpty()) {
            prepared = new PreparedTiers(balancer);
            return Plan.empty(all);
        }
        List<LocalityPolicy.Tier> whole = arrange(now.only(now.eligible()));
        Set<Node> usable = nodes(now.usable());
        boolean panic = !whole.isEmpty()
                && whole.stream().noneMatch(tier -> stands(tier.nodes(), usable))
                && !locality.suffices(now);
        int keptAway = panic ? unusable & ~(Node.EJECTED | Node.DOWN) : unusable;
        List<LocalityPolicy.Tier> tiers =
                arrange(panic ? now.panicking(all.weighted(node -> weight.applyAsDouble(node) * trust(node))) : now);
        prepared = prepared.next(tiers, all, again);
        double shares = tiers.stream().mapToDouble(LocalityPolicy.Tier::share).sum();
        List<Node> trials = trials(whole, tiers, usable);
        return new Plan(
                all,
                prepared.tiers(),
                shares,
                whole.stream().map(LocalityPolicy.Tier::nodes).toList(),
                leftOut(now),
                trials,
                keptAway,
                panic,
                Plan.usual(prepared.tiers(), shares, trials));
    }

    /** Whoever serves nobody even if all are well; only sessions could lead there. */
    private Set<Node> leftOut(Availability now) {
        if (pool.stickiness == null) {
            return Set.of();
        }
        Set<Node> leftOut = nodes(now.all());
        arrange(now.only(now.all())).forEach(tier -> leftOut.removeAll(nodes(tier.nodes())));
        return leftOut;
    }

    private static Set<Node> nodes(NodeSet set) {
        Set<Node> nodes = new HashSet<>();
        set.forEach(nodes::add);
        return nodes;
    }

    private static Availability snapshot(NodeSet all, int unusable) {
        return Availability.of(all, node -> node.state(node.flags() & (unusable | Node.CHECKING | Node.DEGRADED)));
    }

    private List<LocalityPolicy.Tier> arrange(Availability nodes) {
        return locality.arrange(nodes).stream()
                .filter(tier -> !tier.nodes().isEmpty())
                .toList();
    }

    private boolean stands(NodeSet tier, Set<Node> usable) {
        int count = count(tier, usable);
        return count > 0 && count >= panicBelow * tier.size();
    }

    private static int count(NodeSet tier, Set<Node> usable) {
        int count = 0;
        for (Node node : tier) {
            count += usable.contains(node) ? 1 : 0;
        }
        return count;
    }

    /** In panic, each verdict against a node leaves it a quarter of its weight; if all are equally bad, all are equal. */
    private static double trust(Node node) {
        return (node.has(Node.DOWN) ? DISTRUST : 1) * (node.has(Node.EJECTED) ? DISTRUST : 1);
    }

    /** The ejected nodes of the tiers where requests start, or would if all were well, and of those before them. */
    private static List<Node> trials(
            List<LocalityPolicy.Tier> whole, List<LocalityPolicy.Tier> tiers, Set<Node> usable) {
        Set<Node> serving = new HashSet<>();
        tiers.stream()
                .filter(tier -> tier.share() > 0)
                .forEach(tier -> tier.nodes().forEach(serving::add));
        Set<Node> trials = new LinkedHashSet<>();
        boolean served = false;
        for (LocalityPolicy.Tier tier : whole) {
            if (!served || tier.share() > 0 || count(tier.nodes(), serving) > 0) {
                tier.nodes().filter(Node::isEjected).forEach(trials::add);
            }
            served |= count(tier.nodes(), usable) > 0;
        }
        return List.copyOf(trials);
    }
}
