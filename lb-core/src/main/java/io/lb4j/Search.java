package io.lb4j;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slow path of one acquire: the session's node, a trial, then pick after pick without those that said no, then all
 * nodes of the tier from a random start, then the next tier.
 *
 * <p>To the algorithm it is the request, excluding also what cannot serve now, so that a hash algorithm finds the key's
 * own next owner. Confined to the thread that acquires.
 */
final class Search implements RequestContext {
    private static final int MOST_WASTED_PICKS = 4;

    private final Pool pool;
    private final Plan plan;
    private final RequestContext request;
    private final SessionFallback fallback;
    private final long now;
    private final List<Node> rejected = new ArrayList<>(2);
    /** The session that a success is to bind, if any. */
    private @Nullable String binding;

    Search(Pool pool, Plan plan, RequestContext request, SessionFallback fallback, long now) {
        this.pool = pool;
        this.plan = plan;
        this.request = request;
        this.fallback = fallback;
        this.now = now;
    }

    @Nullable
    Lease run() {
        StickinessPolicy policy = pool.stickiness;
        String session = policy == null ? null : request.session();
        Node bound = policy == null || session == null ? null : policy.lookup(session, plan.all(), now);
        binding = session;
        if (bound == null) {
            Lease trial = tryTrials();
            return trial != null ? trial : searchTiers();
        }
        Lease lease = takeBound(bound);
        if (lease != null) {
            return lease;
        }
        if (fallback == SessionFallback.DETOUR || canServeSessions(bound)) {
            binding = null; // full for a moment is no reason to move a session
        }
        lease = isLost(bound) ? takeRedirected(bound) : null;
        return lease != null || fallback == SessionFallback.FAIL ? lease : searchTiers();
    }

    /** Whether a node is of no use to its sessions, or has just failed this request; a full one is neither. */
    private boolean isLost(Node bound) {
        return !canServeSessions(bound) || (request.hasExclusions() && request.excludes(bound));
    }

    /** The node that the bound one names as its heir, or the heir's heir; redirects may go round in circles. */
    private @Nullable Lease takeRedirected(Node bound) {
        Node node = bound;
        for (int hops = plan.all().size() - 1; hops > 0; hops--) {
            String route = node.endpoint().attributes().get(Endpoint.REDIRECT);
            Node heir = route == null ? null : plan.all().findByRoute(route);
            if (heir == null) {
                return null;
            }
            Lease lease = heir.has(Node.DRAINING) ? null : takeBound(heir);
            if (lease != null) {
                return lease;
            }
            node = heir;
        }
        return null;
    }

    /** Goes on after the first pick was no good. */
    @Nullable
    Lease after(@Nullable Node first, int start) {
        if (first != null) {
            rejected.add(first);
        }
        return searchTiers(start);
    }

    private @Nullable Lease takeBound(Node bound) {
        boolean excluded = request.hasExclusions() && request.excludes(bound);
        if (excluded || plan.leftOut().contains(bound)) {
            return null;
        } else if (!canServeSessions(bound)) {
            return bound.has(Node.UNUSABLE_FOR_SESSION & ~Node.EJECTED) ? null : tryTrial(bound);
        }
        return Acquirer.begin(bound, request, now) ? lease(bound, 0) : null;
    }

    private boolean canServeSessions(Node node) {
        int keptAway = plan.panic() ? Node.DISABLED | Node.GONE : Node.UNUSABLE_FOR_SESSION;
        return !node.has(keptAway) && !plan.leftOut().contains(node);
    }

    private @Nullable Lease tryTrials() {
        for (Node node : plan.trials()) {
            if (node.wantsTrial(request, now, plan.unusable())
                    && !(request.hasExclusions() && request.excludes(node))) {
                Lease trial = tryTrial(node);
                if (trial != null) {
                    return trial;
                }
            }
        }
        return null;
    }

    private @Nullable Lease tryTrial(Node node) {
        if (!node.awaitsTrial(request, now) || !node.beginTrial(now)) {
            return null;
        }
        boolean begun = false;
        try {
            begun = Acquirer.begin(node, request, now);
        } finally {
            if (!begun) {
                node.endTrial(now);
            }
        }
        return begun ? lease(node, Lease.TRIAL) : null;
    }

    private @Nullable Lease searchTiers() {
        if (plan.tiers().isEmpty()) {
            return null;
        }
        boolean drawn = !plan.startsAtTheFirst();
        return searchTiers(drawn ? plan.start(pool.random.get().nextDouble()) : 0);
    }

    private @Nullable Lease searchTiers(int start) {
        List<Plan.Prepared> tiers = plan.tiers();
        Lease lease = searchTier(tiers.get(start));
        for (int i = 0; i < tiers.size() && lease == null; i++) {
            if (i != start) {
                lease = searchTier(tiers.get(i));
            }
        }
        return lease;
    }

    /** An algorithm that looks at exclusions is asked until it has none left, so that a key finds its own next owner. */
    private @Nullable Lease searchTier(Plan.Prepared tier) {
        for (int wasted = 0; wasted < MOST_WASTED_PICKS; ) {
            Node node = tier.balancer().pick(tier.nodes(), this, now);
            if (node == null) {
                return null;
            } else if (excludes(node)) {
                wasted++;
            } else if (Acquirer.begin(node, request, now)) {
                return lease(node, 0);
            } else {
                rejected.add(node);
            }
        }
        return scan(tier.nodes());
    }

    /** For an algorithm that does not look at exclusions. */
    private @Nullable Lease scan(NodeSet nodes) {
        int start = pool.random.get().nextInt(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get((start + i) % nodes.size());
            if (nodes.weight((start + i) % nodes.size()) > 0 && !excludes(node) && Acquirer.begin(node, request, now)) {
                return lease(node, 0);
            }
        }
        return null;
    }

    private Lease lease(Node node, int state) {
        StickinessPolicy policy = pool.stickiness;
        String session = binding;
        return Lease.opened(
                session == null || policy == null
                        ? new Lease(node, now, state)
                        : new SessionLease(node, now, state, session, policy));
    }

    // ------------------------------------------------------------------------------------------ the request

    @Override
    public boolean hasExclusions() {
        return true;
    }

    @Override
    public boolean excludes(Node node) {
        return node.has(plan.unusable())
                || node.isFull()
                || rejected.contains(node)
                || (request.hasExclusions() && request.excludes(node));
    }

    @Override
    public @Nullable CharSequence key() {
        return request.key();
    }

    @Override
    public long hashKey() {
        return request.hashKey();
    }

    @Override
    public @Nullable String session() {
        return request.session();
    }

    @Override
    public boolean replayable() {
        return request.replayable();
    }
}
