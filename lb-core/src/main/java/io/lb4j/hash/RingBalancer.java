package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import org.jspecify.annotations.Nullable;

/** A key belongs to the first point at or after its position (Karger et al., STOC 1997); where those are, says a rule. */
final class RingBalancer extends Keyed {
    /** In a walk of so many steps per node, one that may be picked is missed once in ten million. */
    private static final int STEPS_PER_NODE = 16;

    private final RingRule rule;
    private final @Nullable Members members;
    private final @Nullable Ring ring;

    RingBalancer(RingRule rule, @Nullable Balancer withoutKey) {
        this(rule, withoutKey, null, null);
    }

    private RingBalancer(RingRule rule, @Nullable Balancer withoutKey, @Nullable Members members, @Nullable Ring ring) {
        super(withoutKey);
        this.rule = rule;
        this.members = members;
        this.ring = ring;
    }

    @Override
    Keyed prepare(NodeSet candidates, @Nullable Balancer spare) {
        Members now = Members.weighted(candidates, rule::name);
        Members kept = members == null ? null : members.follow(now, Members.Patience.NONE, 0);
        if (kept == null) {
            return new RingBalancer(rule, spare, now, ring(rule, now));
        }
        return kept == members && spare == withoutKey ? this : new RingBalancer(rule, spare, kept, ring);
    }

    static Ring ring(RingRule rule, Members members) {
        Ring.Builder builder = new Ring.Builder();
        rule.place(members, builder);
        return builder.build();
    }

    @Override
    long hash(RequestContext request) {
        return rule.position(request);
    }

    @Override
    @Nullable
    Node owner(long hash, NodeSet candidates, RequestContext request, long nowNanos) {
        Ring points = prepared(ring);
        Members nodes = prepared(members);
        if (points.size() == 0) {
            return null;
        }
        int place = points.successor(hash);
        Node owner = candidates.get(nodes.at(points.owner(place)));
        return request.hasExclusions() && request.excludes(owner)
                ? next(hash, place, points, nodes, candidates, request)
                : owner;
    }

    private static @Nullable Node next(
            long hash, int from, Ring points, Members nodes, NodeSet candidates, RequestContext request) {
        int most = Math.min(points.size(), STEPS_PER_NODE * nodes.size());
        int rejected = points.owner(from);
        for (int step = 1, place = from; step < most; step++) {
            place = place + 1 == points.size() ? 0 : place + 1;
            int member = points.owner(place);
            if (member != rejected) {
                Node node = candidates.get(nodes.at(member));
                if (!request.excludes(node)) {
                    return node;
                }
                rejected = member;
            }
        }
        return nodes.anyFor(hash, candidates, request);
    }
}
