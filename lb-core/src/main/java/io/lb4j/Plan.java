package io.lb4j;

import java.util.List;

/**
 * Who serves now: everything a pick needs, immutable, published by one volatile write.
 *
 * @param all every node
 * @param tiers the serving tiers in the order of preference; those with share 0 are fallbacks
 * @param whole the tiers as they were if every node that is neither disabled nor draining were usable
 * @param trials ejected nodes that a replayable request may try once their time is over
 * @param unusable the flags that keep new requests away from a node
 * @param panic whether ejected and down nodes serve too
 * @param direct whether the first tier is where every request starts
 */
record Plan(
        NodeSet all,
        List<Prepared> tiers,
        List<NodeSet> whole,
        List<Node> trials,
        int unusable,
        boolean panic,
        boolean direct) {

    /** A tier and the algorithm prepared for it. */
    record Prepared(NodeSet nodes, double share, Balancer balancer) {}

    static Plan of(
            NodeSet all, List<Prepared> tiers, List<NodeSet> whole, List<Node> trials, int unusable, boolean panic) {
        boolean oneStart = !tiers.isEmpty()
                && tiers.get(0).share() > 0
                && tiers.stream().skip(1).allMatch(tier -> tier.share() == 0);
        return new Plan(all, tiers, whole, trials, unusable, panic, oneStart);
    }

    /** Whether the request may be a trial; asked of each request while nodes are ejected, so it makes no iterator. */
    boolean trialDue(RequestContext request, long now) {
        for (int i = 0; i < trials.size(); i++) {
            if (trials.get(i).wantsTrial(request, now)) {
                return true;
            }
        }
        return false;
    }

    /** Which tier a request starts with; {@code at} is uniform in [0, 1). */
    int start(double at) {
        double left = at * tiers.stream().mapToDouble(Prepared::share).sum();
        for (int i = 0; i < tiers.size(); i++) {
            left -= tiers.get(i).share();
            if (left < 0) {
                return i;
            }
        }
        return 0;
    }
}
