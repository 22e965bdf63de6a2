package io.lb4j;

import org.jspecify.annotations.Nullable;

/**
 * Turns a request into a lease: the hot path.
 *
 * <p>The usual request costs one volatile read, one clock read, one pick and the lease. Everything else (sessions,
 * trials, rejected choices, further tiers) is in {@link Search}.
 */
final class Acquirer {
    private final Pool pool;
    private final SessionFallback fallback;
    /** Written by the Roster; null until the first delivery. */
    private volatile @Nullable Plan plan;

    Acquirer(Pool pool, SessionFallback fallback) {
        this.pool = pool;
        this.fallback = fallback;
    }

    @Nullable
    Plan plan() {
        return plan;
    }

    void publish(Plan next) {
        plan = next;
    }

    /** Never waits; null if the service is full, or no node takes the request now. */
    @Nullable
    Lease tryAcquire(RequestContext request) {
        Bulkhead bulkhead = pool.bulkhead;
        if (bulkhead == null) {
            return choose(request);
        }
        return bulkhead.enter() ? chooseInside(bulkhead, request) : null;
    }

    /** For a request that has a place in the service; gives the place back if no node takes it. */
    @Nullable
    Lease chooseInside(Bulkhead bulkhead, RequestContext request) {
        Lease lease = null;
        try {
            lease = choose(request);
            return lease;
        } finally {
            if (lease == null) {
                bulkhead.leave();
            }
        }
    }

    /** Whether a node that serves has room for one more, if its health tracker lets it in. */
    boolean hasFreeSlot() {
        Plan current = plan;
        if (current == null || (pool.bulkhead != null && pool.bulkhead.isFull())) {
            return false;
        }
        for (Plan.Prepared tier : current.tiers()) {
            for (int i = 0; i < tier.nodes().size(); i++) {
                Node node = tier.nodes().get(i);
                if (tier.nodes().weight(i) > 0 && !node.has(current.unusable()) && !node.isFull()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A plan may be replaced while it is read, and all its nodes have left: then the next one counts. */
    @SuppressWarnings("ReferenceEquality") // each plan is made once
    private @Nullable Lease choose(RequestContext request) {
        Plan current = plan;
        while (current != null) {
            Lease lease = choose(current, request);
            if (lease != null) {
                return lease;
            }
            Plan next = plan;
            current = next == current ? null : next;
        }
        return null;
    }

    private @Nullable Lease choose(Plan current, RequestContext request) {
        long now = pool.ticker.nanoTime();
        boolean sticky = pool.stickiness != null && request.session() != null;
        Plan.Prepared usual = current.usual();
        if (usual != null && !sticky) {
            return pick(current, 0, usual, request, now);
        } else if (sticky || current.tiers().isEmpty() || current.trialDue(request, now)) {
            return new Search(pool, current, request, fallback, now).run();
        }
        int start = start(current);
        return pick(current, start, current.tiers().get(start), request, now);
    }

    /** Picks from one tier; a node that does not take the request is left to the search. */
    private @Nullable Lease pick(Plan current, int at, Plan.Prepared tier, RequestContext request, long now) {
        Node node = tier.balancer().pick(tier.nodes(), request, now);
        if (node != null
                && !node.has(current.unusable())
                && !(request.hasExclusions() && request.excludes(node))
                && begin(node, request, now)) {
            return Lease.opened(new Lease(node, now, 0));
        }
        return new Search(pool, current, request, fallback, now).after(node, at);
    }

    private int start(Plan current) {
        return current.startsAtTheFirst() ? 0 : current.start(pool.random.get().nextDouble());
    }

    /** Takes a slot and asks the health tracker; false if either says no. */
    static boolean begin(Node node, RequestContext request, long now) {
        if (!node.begin(now)) {
            return false;
        }
        boolean admitted = false;
        try {
            admitted = node.health().admits(request, now);
            return admitted;
        } finally {
            if (!admitted) {
                giveBack(node, now);
            }
        }
    }

    private static void giveBack(Node node, long now) {
        node.answered(now);
        node.end();
        if (node.pool.waiting.get() != 0) {
            node.pool.releases.refused();
        }
    }
}
