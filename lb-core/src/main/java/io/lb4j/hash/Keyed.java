package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What the algorithms that place a request by its key have in common. Immutable, prepared instances included. */
abstract class Keyed implements Balancer {
    private static final long RAMP = 0x9e3779b97f4a7c15L;

    /** Serves requests without a key, prepared if this is; null = they are placed by a random key. */
    final @Nullable Balancer withoutKey;

    Keyed(@Nullable Balancer withoutKey) {
        this.withoutKey = withoutKey;
    }

    /** Returns this object if neither its tables nor {@code spare} would differ. */
    abstract Keyed prepare(NodeSet candidates, @Nullable Balancer spare);

    /** The node that a key belongs to, or the next one that may be picked. */
    abstract @Nullable Node owner(long hash, NodeSet candidates, RequestContext request, long nowNanos);

    /** The hash of the request's key; what it returns for a request without a key does not matter if that is 0. */
    long hash(RequestContext request) {
        return request.hashKey();
    }

    @Override
    public final Balancer prepare(NodeSet candidates) {
        return prepare(candidates, withoutKey == null ? null : withoutKey.prepare(candidates));
    }

    @Override
    public final @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        long hash = hash(request);
        if (hash == 0 && request.key() == null) {
            if (withoutKey != null) {
                return withoutKey.pick(candidates, request, nowNanos);
            }
            hash = ThreadLocalRandom.current().nextLong();
        }
        return owner(hash, candidates, request, nowNanos);
    }

    /** For the tables of an object that is not prepared. */
    static <T> T prepared(@Nullable T table) {
        if (table == null) {
            throw new IllegalStateException(
                    "consistent hash: not prepared (expected: Balancer ready = this.prepare(nodes), then ready.pick(nodes, ...))");
        }
        return table;
    }

    /**
     * Whether a node takes a key at this point of its slow start: a part of its keys equal to the part of its weight.
     *
     * <p>The verdict on a key changes once during the ramp, and no other node's keys move.
     */
    static boolean ramped(long hash, long seed, NodeSet candidates, int i, long nowNanos) {
        if (!candidates.hasSlowStart(nowNanos)) {
            return true;
        }
        double weight = candidates.weight(i);
        double now = candidates.effectiveWeight(i, nowNanos);
        return now >= weight || (HashKey.of(hash ^ seed ^ RAMP) >>> 11) * 0x1p-53 * weight < now;
    }
}
