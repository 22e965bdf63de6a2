package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Least requests over one set of nodes: where all weigh the same now, a scan of what they have in flight.
 *
 * <p>Everything else is left to {@link LeastCost}, which divides by the weight of each node.
 */
final class LeastRequests implements Balancer {
    private final long version;
    /** Empty unless all nodes of the set weigh the same, more than 0. */
    private final Node[] equals;

    private final LeastCost byWeight;
    private final Supplier<? extends RandomGenerator> random;

    private LeastRequests(NodeSet candidates, Supplier<? extends RandomGenerator> random) {
        Node[] weighted = Candidates.weighted(candidates);
        boolean equal = weighted.length == candidates.size()
                && Arrays.stream(Candidates.weights(candidates)).distinct().count() == 1;
        this.version = candidates.version();
        this.equals = equal ? weighted : new Node[0];
        this.byWeight = new LeastCost(LeastCost::requestsPerWeight, random);
        this.random = random;
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("leastRequests", nodes -> new LeastRequests(nodes, random));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == version ? this : new LeastRequests(candidates, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        Node[] all = equals;
        if (all.length == 0 || request.hasExclusions()) {
            return byWeight.pick(candidates, request, nowNanos);
        }
        int fewest = Integer.MAX_VALUE;
        int equal = 0;
        boolean ramping = false;
        for (int i = 0; i < all.length; i++) {
            int busy = all[i].inFlight();
            equal = busy < fewest ? 1 : busy == fewest ? equal + 1 : equal;
            fewest = Math.min(busy, fewest);
            ramping |= candidates.effectiveWeight(i, nowNanos) != candidates.weight(i);
        }
        return ramping ? byWeight.pick(candidates, request, nowNanos) : nth(all, fewest, equal);
    }

    /** One of those that have so few; some may have more since they were counted. */
    private Node nth(Node[] all, int fewest, int equal) {
        int left = equal == 1 ? 0 : Candidates.below(equal, random.get().nextInt());
        Node found = all[0];
        for (Node node : all) {
            if (node.inFlight() <= fewest) {
                found = node;
                if (left-- == 0) {
                    break;
                }
            }
        }
        return found;
    }
}
