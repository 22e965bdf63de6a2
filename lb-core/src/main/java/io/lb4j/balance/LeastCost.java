package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The node with the lowest cost of all, any of them if several have it.
 */
record LeastCost(Cost cost, Supplier<? extends RandomGenerator> random) implements Balancer {
    static final Cost BY_REQUESTS = LeastCost::requestsPerWeight;

    private static double requestsPerWeight(NodeSet nodes, int i, long nowNanos) {
        return (nodes.get(i).inFlight() + 1) / nodes.effectiveWeight(i, nowNanos);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        boolean filtered = request.hasExclusions();
        double least = 0;
        int first = -1;
        int equal = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (!allowed(candidates, i, request, filtered)) {
                continue;
            }
            double value = cost(candidates, i, nowNanos);
            if (value < least || equal == 0) {
                least = value;
                first = i;
                equal = 1;
            } else if (value == least) {
                equal++;
            }
        }
        return switch (equal) {
            case 0 -> null;
            case 1 -> candidates.get(first);
            default -> any(candidates, request, nowNanos, least, first, equal);
        };
    }

    /** One of those that cost the least; costs may have changed since they were counted. */
    private Node any(NodeSet candidates, RequestContext request, long nowNanos, double least, int first, int equal) {
        boolean filtered = request.hasExclusions();
        int left = Candidates.below(equal, random.get().nextInt());
        int found = first;
        for (int i = first; i < candidates.size(); i++) {
            if (allowed(candidates, i, request, filtered) && cost(candidates, i, nowNanos) <= least) {
                found = i;
                if (left-- == 0) {
                    break;
                }
            }
        }
        return candidates.get(found);
    }

    /** What is not a number counts as the highest cost there is. */
    private double cost(NodeSet candidates, int i, long nowNanos) {
        double value = cost.of(candidates, i, nowNanos);
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }

    private static boolean allowed(NodeSet candidates, int i, RequestContext request, boolean filtered) {
        return candidates.weight(i) > 0 && !(filtered && request.excludes(candidates.get(i)));
    }
}
