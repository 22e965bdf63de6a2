package io.lb4j;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who serves now: everything a pick needs, immutable, published by one volatile write.
 *
 * @param all every node
 * @param tiers the serving tiers in the order of preference; those with share 0 are fallbacks
 * @param shares the sum of the shares of all tiers
 * @param whole the tiers as they were if every node that is neither disabled nor draining were usable
 * @param leftOut nodes that the locality policy lets serve nobody, not even their sessions
 * @param trials ejected nodes that a replayable request may try once their time is over
 * @param unusable the flags that keep new requests away from a node
 * @param panic whether ejected and down nodes serve too
 * @param usual the tier that every request without a session starts with; null if there is none, or if that depends
 */
record Plan(
        NodeSet all,
        List<Prepared> tiers,
        double shares,
        List<NodeSet> whole,
        Set<Node> leftOut,
        List<Node> trials,
        int unusable,
        boolean panic,
        @Nullable Prepared usual) {

    /** A tier and the algorithm prepared for it. */
    record Prepared(NodeSet nodes, double share, Balancer balancer) {}

    /** Whether the request may be a trial; asked of each request while nodes are ejected, so it makes no iterator. */
    boolean trialDue(RequestContext request, long now) {
        for (int i = 0; i < trials.size(); i++) {
            if (trials.get(i).wantsTrial(request, now, unusable)) {
                return true;
            }
        }
        return false;
    }

    /** Nobody can serve. */
    static Plan empty(NodeSet all) {
        return new Plan(all, List.of(), 0, List.of(), Set.of(), List.of(), Node.UNUSABLE, false, null);
    }

    /** The tier that requests start with if nothing but the request may say so; null if there is none such. */
    static @Nullable Prepared usual(List<Prepared> tiers, double shares, List<Node> trials) {
        boolean always = trials.isEmpty() && !tiers.isEmpty() && tiers.get(0).share() == shares;
        return always ? tiers.get(0) : null;
    }

    /** Whether all requests start with the first tier. */
    boolean startsAtTheFirst() {
        return tiers.get(0).share() == shares;
    }

    /** Which tier a request starts with; {@code at} is uniform in [0, 1). */
    int start(double at) {
        double left = at * shares;
        for (int i = 0; i < tiers.size(); i++) {
            left -= tiers.get(i).share();
            if (left < 0) {
                return i;
            }
        }
        return 0;
    }
}
