package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, SODA 2018): nobody has more than his part of
 * all requests in flight, times a factor; what is more goes to the key's next choice by rendezvous.
 */
final class Bounded implements Balancer {
    private static final double ROUNDING = 1 - 1e-9;

    private final Balancer base;
    private final double factor;
    private final @Nullable Choices choices;

    Bounded(Balancer base, double factor) {
        this(base, factor, null);
    }

    private Bounded(Balancer base, double factor, @Nullable Choices choices) {
        this.base = base;
        this.factor = factor;
        this.choices = choices;
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        Balancer prepared = base.prepare(candidates);
        Members now = Members.weighted(candidates, Endpoint::id);
        Members kept = choices == null ? null : choices.members.follow(now, Members.Patience.NONE, 0);
        if (choices != null && kept == choices.members) {
            return prepared == base ? this : new Bounded(prepared, factor, choices);
        }
        return new Bounded(prepared, factor, new Choices(kept == null ? now : kept));
    }

    /**
     * How many requests a node may have in flight, the new one included.
     *
     * @param share its part of the weight of all
     * @param inFlight requests in flight on all, without the new one
     */
    static int capacity(double factor, double share, long inFlight) {
        return (int) Math.max(1, Math.ceil(factor * (inFlight + 1) * share * ROUNDING));
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        Choices all = Keyed.prepared(choices);
        Node owner = base.pick(candidates, request, nowNanos);
        if (owner == null || owner.inFlight() == 0) {
            return owner;
        }
        RequestContext restriction = request.hasExclusions() ? request : null;
        long inFlight = 0;
        double weight = 0;
        double ownWeight = 0;
        for (int i = 0; i < all.size(); i++) {
            Node node = candidates.get(all.at(i));
            if (restriction == null || !restriction.excludes(node)) {
                inFlight += node.inFlight();
                weight += all.weight(i);
                ownWeight = node == owner ? all.weight(i) : ownWeight;
            }
        }
        return owner.inFlight() < capacity(factor, ownWeight / weight, inFlight)
                ? owner
                : next(candidates, request, all, inFlight, weight);
    }

    private @Nullable Node next(NodeSet candidates, RequestContext request, Choices all, long inFlight, double weight) {
        boolean restricted = request.hasExclusions();
        long hash = hash(request);
        Node best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < all.size(); i++) {
            Node node = candidates.get(all.at(i));
            if (!(restricted && request.excludes(node))
                    && node.inFlight() < capacity(factor, all.weight(i) / weight, inFlight)) {
                double score = all.score(hash, i);
                if (best == null || score < least) {
                    best = node;
                    least = score;
                }
            }
        }
        return best == null ? leastLoaded(candidates, request, all) : best;
    }

    private static long hash(RequestContext request) {
        long hash = request.hashKey();
        return hash == 0 && request.key() == null ? ThreadLocalRandom.current().nextLong() : hash;
    }

    /** Others have taken every slot since they were counted. */
    private static @Nullable Node leastLoaded(NodeSet candidates, RequestContext request, Choices all) {
        Node best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < all.size(); i++) {
            Node node = candidates.get(all.at(i));
            double load = node.inFlight() / all.weight(i);
            if ((best == null || load < least) && !request.excludes(node)) {
                best = node;
                least = load;
            }
        }
        return best;
    }
}
