package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.Endpoint;
import io.lb4j.LocalityPolicy;
import io.lb4j.NodeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * Priorities that spill over: the first serves as long as it can carry the load, and what it cannot carry goes to the
 * next ones, bit by bit.
 *
 * <p>As in Envoy: with the factor 1.4 a priority carries all requests as long as at least 72 % of its nodes are healthy;
 * at 50 % it carries 70 of 100. Healthy nodes of any priority come before degraded ones. When nodes reject a request,
 * the other tiers are tried in order.
 *
 * <p>Immutable; from {@link Localities}.
 */
public final class Priorities implements LocalityPolicy {
    /** Envoy's default. */
    private static final int PERCENT = 140;

    private final ToLongFunction<? super Endpoint> rank;
    private final int percent;
    private final LocalityPolicy within;

    Priorities(ToLongFunction<? super Endpoint> rank) {
        this(rank, PERCENT, LocalityPolicy.none());
    }

    private Priorities(ToLongFunction<? super Endpoint> rank, int percent, LocalityPolicy within) {
        this.rank = rank;
        this.percent = percent;
        this.within = within;
    }

    /**
     * Returns this policy with another overprovisioning factor: how much more than its usual load a priority can carry.
     *
     * @param factor 1 to 100, in hundredths; 1.4 by default. 1 = each lost node spills over
     * @return a copy
     */
    public Priorities overprovisioning(double factor) {
        double checked = Checks.range("overprovisioning", factor, 1, 100);
        return new Priorities(rank, (int) Math.round(checked * 100), within);
    }

    /**
     * Returns this policy with the nodes of each priority arranged by another one.
     *
     * @param policy for instance {@code Localities.weighted(...)}; its shares split what the priority gets
     * @return a copy
     */
    public Priorities within(LocalityPolicy policy) {
        return new Priorities(rank, percent, Checks.given("within", policy));
    }

    @Override
    public List<Tier> arrange(Availability nodes) {
        List<Availability> levels = levels(nodes);
        PriorityLoads loads = loads(levels, nodes.inPanic());
        List<Tier> tiers = new ArrayList<>();
        for (int i = 0; i < levels.size(); i++) {
            append(tiers, levels.get(i), levels.get(i).healthy(), loads.healthy(i));
        }
        for (int i = 0; i < levels.size(); i++) {
            append(tiers, levels.get(i), levels.get(i).degraded(), loads.degraded(i));
        }
        return tiers;
    }

    /** Whether the priorities can carry the load together, each with its part. */
    @Override
    public boolean suffices(Availability nodes) {
        return loads(levels(nodes), false).suffices();
    }

    private List<Availability> levels(Availability nodes) {
        TreeSet<Long> ranks = new TreeSet<>();
        nodes.eligible().forEach(node -> ranks.add(rank.applyAsLong(node.endpoint())));
        return ranks.stream()
                .map(level -> nodes.filter(node -> rank.applyAsLong(node.endpoint()) == level))
                .toList();
    }

    private PriorityLoads loads(List<Availability> levels, boolean panic) {
        int[] sizes = counts(levels, Availability::size);
        if (panic) {
            return PriorityLoads.bySize(sizes);
        }
        int[] healthy = counts(levels, level -> level.healthy().size());
        int[] degraded = counts(levels, level -> level.degraded().size());
        return PriorityLoads.of(sizes, healthy, degraded, percent);
    }

    private static int[] counts(List<Availability> levels, ToIntFunction<Availability> count) {
        return levels.stream().mapToInt(count).toArray();
    }

    private void append(List<Tier> tiers, Availability level, NodeSet usable, int load) {
        if (usable.isEmpty()) {
            return;
        }
        List<Tier> parts = within.arrange(level.only(usable)).stream()
                .filter(part -> !part.nodes().isEmpty())
                .toList();
        double whole = parts.stream().mapToDouble(Tier::share).sum();
        for (int i = 0; i < parts.size(); i++) {
            double part = whole == 0 ? (i == 0 ? 1 : 0) : parts.get(i).share() / whole;
            tiers.add(new Tier(parts.get(i).nodes(), load * part));
        }
    }
}
