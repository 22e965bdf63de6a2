package io.lb4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Makes the plan from the nodes as they are; confined to the Roster. */
final class Planner {
    private static final double DISTRUST = 0.25;

    private final Pool pool;
    private final LocalityPolicy locality;
    private final double panicBelow;
    private Balancer balancer;
    /** What was prepared last, by tier; an instance hands its cursor on to the next one for the same tier. */
    private List<Plan.Prepared> prepared = List.of();

    Planner(Pool pool, Settings settings, Balancer balancer) {
        this.pool = pool;
        this.locality = settings.locality();
        this.panicBelow = settings.panicBelow();
        this.balancer = balancer;
    }

    /** What the user has configured, and what has become of it. */
    record Algorithm(Balancer configured, List<Plan.Prepared> prepared) {}

    /** Changes the algorithm; returns the one before. */
    Algorithm switchTo(Balancer next) {
        Algorithm before = new Algorithm(balancer, prepared);
        switchBack(new Algorithm(next, List.of()));
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
        NodeSet weighty = all.filter(node -> weight.applyAsDouble(node) > 0);
        NodeSet eligible = weighty.filter(without(Node.DISABLED | Node.DRAINING | Node.GONE));
        boolean drainingServe = eligible.isEmpty();
        if (drainingServe) {
            eligible = weighty.filter(without(Node.DISABLED | Node.GONE));
        }
        if (eligible.isEmpty()) {
            prepared = List.of();
            return Plan.of(all, List.of(), List.of(), List.of(), Node.UNUSABLE, false);
        }
        List<NodeSet> whole =
                arrange(eligible, all).stream().map(LocalityPolicy.Tier::nodes).toList();
        int unusable = drainingServe ? Node.UNUSABLE & ~Node.DRAINING : Node.UNUSABLE;
        boolean panic = whole.stream().noneMatch(tier -> stands(tier, unusable));
        int keptAway = panic ? unusable & ~(Node.EJECTED | Node.DOWN) : unusable;
        NodeSet serving = panic
                ? eligible.weighted(node -> weight.applyAsDouble(node) * trust(node))
                : preferred(eligible.filter(without(unusable)), eligible.size());
        List<LocalityPolicy.Tier> tiers = arrange(serving, all);
        prepared = prepare(tiers, again);
        return Plan.of(all, prepared, whole, trials(whole, unusable), keptAway, panic);
    }

    private List<LocalityPolicy.Tier> arrange(NodeSet usable, NodeSet all) {
        return locality.arrange(usable, all).stream()
                .filter(tier -> !tier.nodes().isEmpty())
                .toList();
    }

    private boolean stands(NodeSet tier, int unusable) {
        int usable = tier.filter(without(unusable)).size();
        return usable > 0 && usable >= panicBelow * tier.size();
    }

    /** In panic, each verdict against a node leaves it a quarter of its weight; if all are equally bad, all are equal. */
    private static double trust(Node node) {
        return (node.has(Node.DOWN) ? DISTRUST : 1) * (node.has(Node.EJECTED) ? DISTRUST : 1);
    }

    /**
     * Nodes not yet checked, and degraded ones, serve while the others do not suffice: while those are fewer than half.
     *
     * <p>Else the first node of a cold pool to pass its check would get the traffic of all.
     */
    private static NodeSet preferred(NodeSet usable, int eligible) {
        NodeSet known = sufficient(usable.filter(without(Node.CHECKING)), usable, eligible);
        return sufficient(known.filter(without(Node.DEGRADED)), known, eligible);
    }

    private static NodeSet sufficient(NodeSet better, NodeSet all, int eligible) {
        return !better.isEmpty() && better.size() * 2 >= eligible ? better : all;
    }

    /** The ejected nodes of the tiers that serve, and of those before them. */
    private static List<Node> trials(List<NodeSet> whole, int unusable) {
        List<Node> trials = new ArrayList<>();
        for (NodeSet tier : whole) {
            tier.filter(node -> node.isEjected()).forEach(trials::add);
            if (!tier.filter(without(unusable)).isEmpty()) {
                break;
            }
        }
        return List.copyOf(trials);
    }

    private List<Plan.Prepared> prepare(List<LocalityPolicy.Tier> tiers, boolean again) {
        List<Plan.Prepared> next = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            NodeSet nodes = tiers.get(i).nodes();
            Plan.@Nullable Prepared last = i < prepared.size() ? prepared.get(i) : null;
            if (last != null && !again && last.nodes().sameAs(nodes)) {
                next.add(new Plan.Prepared(last.nodes(), tiers.get(i).share(), last.balancer()));
            } else {
                Balancer from = last == null ? balancer : last.balancer();
                Balancer ready = Checks.notNull("what prepare returned", from.prepare(nodes));
                next.add(new Plan.Prepared(nodes, tiers.get(i).share(), ready));
            }
        }
        return List.copyOf(next);
    }

    private static Predicate<Node> without(int flags) {
        return node -> !node.has(flags);
    }
}
