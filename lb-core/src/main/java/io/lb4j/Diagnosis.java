package io.lb4j;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out why a request got no lease; runs only then. */
final class Diagnosis {
    private static final int IDS_SHOWN = 10;

    private Diagnosis() {}

    static NoEndpointAvailableException explain(
            String service, @Nullable Plan plan, RequestContext request, Pool pool, SessionFallback fallback) {
        if (plan == null) {
            return new NoEndpointAvailableException(service, Reason.NOT_READY, " (no list of endpoints yet)");
        }
        Bulkhead bulkhead = pool.bulkhead;
        if (bulkhead != null && bulkhead.isFull() && !plan.tiers().isEmpty()) {
            return serviceFull(service, bulkhead);
        }
        return new NoEndpointAvailableException(service, reason(plan, request, pool, fallback), picture(plan.all()));
    }

    static NoEndpointAvailableException serviceFull(String service, Bulkhead bulkhead) {
        String limit = " (the service has its maxInFlight of " + bulkhead.limit() + ")";
        return new NoEndpointAvailableException(service, Reason.ALL_AT_CAPACITY, limit);
    }

    /** Whether there is a node with a slot free, which the tracker or the algorithm may withhold. */
    static boolean servable(Reason reason) {
        return reason == Reason.RATE_LIMITED || reason == Reason.NONE_CHOSEN;
    }

    private static Reason reason(Plan plan, RequestContext request, Pool pool, SessionFallback fallback) {
        if (plan.all().isEmpty()) {
            return Reason.EMPTY;
        }
        Node only = fallback == SessionFallback.FAIL ? bound(plan, request, pool) : null;
        if (only != null) {
            boolean allowed =
                    !only.has(Node.UNUSABLE_FOR_SESSION) && !plan.leftOut().contains(only);
            return allowed && only.isFull() ? Reason.ALL_AT_CAPACITY : Reason.STICKY_TARGET_DOWN;
        } else if (plan.tiers().isEmpty()) {
            return anyEligible(plan.all()) ? Reason.NONE_CHOSEN : Reason.ALL_DISABLED;
        }
        int serving = 0;
        int excluded = 0;
        int full = 0;
        for (Plan.Prepared tier : plan.tiers()) {
            for (Node node : tier.nodes()) {
                if (!node.has(plan.unusable())) {
                    serving++;
                    boolean out = request.hasExclusions() && request.excludes(node);
                    excluded += out ? 1 : 0;
                    full += !out && node.isFull() ? 1 : 0;
                }
            }
        }
        if (serving == 0) {
            return allDisabled(plan.all()) ? Reason.ALL_DISABLED : Reason.ALL_DOWN;
        } else if (excluded == serving) {
            return Reason.ALL_EXCLUDED;
        } else if (excluded + full == serving) {
            return Reason.ALL_AT_CAPACITY;
        }
        return choosesAny(plan, request, pool.ticker.nanoTime()) ? Reason.RATE_LIMITED : Reason.NONE_CHOSEN;
    }

    private static boolean choosesAny(Plan plan, RequestContext request, long now) {
        for (Plan.Prepared tier : plan.tiers()) {
            if (tier.balancer().pick(tier.nodes(), request, now) != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyEligible(NodeSet all) {
        for (int i = 0; i < all.size(); i++) {
            if (all.weight(i) > 0 && !all.get(i).has(Node.DISABLED | Node.DRAINING)) {
                return true;
            }
        }
        return false;
    }

    private static boolean allDisabled(NodeSet all) {
        for (Node node : all) {
            if (!node.has(Node.DISABLED | Node.DRAINING)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Node bound(Plan plan, RequestContext request, Pool pool) {
        String session = request.session();
        StickinessPolicy policy = pool.stickiness;
        return policy == null || session == null ? null : policy.lookup(session, plan.all(), pool.ticker.nanoTime());
    }

    /** How many nodes are in which state, and the first of them by name. */
    private static String picture(NodeSet all) {
        Map<Node.State, Integer> counts = new EnumMap<>(Node.State.class);
        StringBuilder nodes = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            Node node = all.get(i);
            counts.merge(node.state(), 1, Integer::sum);
            if (i < IDS_SHOWN) {
                nodes.append(i == 0 ? "" : ", ")
                        .append(node)
                        .append(" in flight ")
                        .append(node.inFlight());
            }
        }
        String more = all.size() > IDS_SHOWN ? ", ... " + (all.size() - IDS_SHOWN) + " more" : "";
        return " (" + all.size() + " endpoints " + counts + ": " + nodes + more + ")";
    }
}
