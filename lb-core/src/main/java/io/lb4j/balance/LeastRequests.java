package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Least requests over one set of nodes: where all weigh the same now, two random looks for an idle node, then a scan of
 * what they have in flight.
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
        this.version = candidates.version();
        this.equals = Candidates.ifEqual(candidates);
        this.byWeight = new LeastCost(LeastCost.BY_REQUESTS, random);
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
        if (all.length == 0 || request.hasExclusions() || candidates.hasSlowStart(nowNanos)) {
            return byWeight.pick(candidates, request, nowNanos);
        }
        Node idle = idle(all, random.get().nextLong());
        return idle != null ? idle : scan(all);
    }

    /** A node with nothing in flight, if one of two random looks finds one: none can have less, and all are as likely. */
    private static @Nullable Node idle(Node[] all, long bits) {
        Node one = all[Candidates.below(all.length, (int) (bits >>> 32))];
        Node other = all[Candidates.below(all.length, (int) bits)];
        return one.inFlight() == 0 ? one : other.inFlight() == 0 ? other : null;
    }

    private Node scan(Node[] all) {
        int fewest = Integer.MAX_VALUE;
        int equal = 0;
        for (Node node : all) {
            int busy = node.inFlight();
            if (busy <= fewest) {
                equal = busy == fewest ? equal + 1 : 1;
                fewest = busy;
            }
        }
        return nth(all, fewest, equal);
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
