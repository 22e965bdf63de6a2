package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.EnumSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jump consistent hashing (Lamping, Veach 2014), bucket for bucket as Guava's {@code Hashing.consistentHash}.
 *
 * <p>A key whose shard has no node that may be picked is hashed again for another shard.
 */
final class Jump extends Keyed {
    private static final int MOST_ATTEMPTS = 64;
    private static final long AGAIN = 0x9e3779b97f4a7c15L;
    private static final Members.Patience PATIENCE =
            new Members.Patience(EnumSet.complementOf(EnumSet.of(Node.State.UP)), Long.MAX_VALUE, 0);

    private final Function<Endpoint, @Nullable Integer> numbering;
    private final @Nullable Members members;
    private final @Nullable Shards shards;

    Jump(Function<Endpoint, @Nullable Integer> numbering, @Nullable Balancer withoutKey) {
        this(numbering, withoutKey, null, null);
    }

    private Jump(
            Function<Endpoint, @Nullable Integer> numbering,
            @Nullable Balancer withoutKey,
            @Nullable Members members,
            @Nullable Shards shards) {
        super(withoutKey);
        this.numbering = numbering;
        this.members = members;
        this.shards = shards;
    }

    @Override
    Keyed prepare(NodeSet candidates, @Nullable Balancer spare) {
        Members now = Members.all(candidates, endpoint -> endpoint.id() + '\0' + numbering.apply(endpoint));
        Members kept = members == null ? null : members.follow(now, PATIENCE, candidates.nanoTime());
        if (kept == null) {
            return new Jump(numbering, spare, now, Shards.of(now, numbering));
        }
        return kept == members && spare == withoutKey ? this : new Jump(numbering, spare, kept, shards);
    }

    @Override
    @Nullable
    Node owner(long hash, NodeSet candidates, RequestContext request, long nowNanos) {
        Members nodes = prepared(members);
        Shards numbers = prepared(shards);
        boolean restricted = request.hasExclusions();
        long key = hash;
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Node node =
                    numbers.pick(bucket(key, numbers.count()), hash, nodes, candidates, restricted ? request : null);
            if (node != null) {
                return node;
            }
            key = HashKey.of(key + AGAIN);
        }
        return nodes.anyFor(hash, candidates, request);
    }

    /** The bucket of a key: 0 to {@code buckets - 1}. */
    static int bucket(long key, int buckets) {
        long state = key;
        long bucket = -1;
        long next = 0;
        while (next < buckets) {
            bucket = next;
            state = state * 2862933555777941757L + 1;
            next = (long) ((bucket + 1) * (0x1p31 / ((state >>> 33) + 1)));
        }
        return (int) bucket;
    }
}
