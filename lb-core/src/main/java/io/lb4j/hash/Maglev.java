package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * Maglev hashing (Eisenbud et al., NSDI 2016, section 3.4), table for table as Envoy builds it.
 *
 * <p>A slot whose owner is excluded, out of service or turns the key down in its slow start is left for the slot of
 * Envoy's next attempt.
 */
final class Maglev extends Keyed {
    private static final int MOST_ATTEMPTS = 64;
    private static final Members.Patience PATIENCE = new Members.Patience(
            EnumSet.of(
                    Node.State.EJECTED,
                    Node.State.HALF_OPEN,
                    Node.State.DOWN,
                    Node.State.DEGRADED,
                    Node.State.CHECKING),
            60_000_000_000L,
            0.5);

    private final int tableSize;
    private final @Nullable Members members;
    private final @Nullable MaglevTable table;

    Maglev(int tableSize, @Nullable Balancer withoutKey) {
        this(tableSize, withoutKey, null, null);
    }

    private Maglev(
            int tableSize, @Nullable Balancer withoutKey, @Nullable Members members, @Nullable MaglevTable table) {
        super(withoutKey);
        this.tableSize = tableSize;
        this.members = members;
        this.table = table;
    }

    @Override
    Keyed prepare(NodeSet candidates, @Nullable Balancer spare) {
        Members now = Members.weighted(candidates, Endpoint::id);
        Members kept = members == null ? null : members.follow(now, PATIENCE, candidates.nanoTime());
        if (kept == null) {
            return new Maglev(tableSize, spare, now, now.size() == 0 ? null : table(tableSize, now));
        }
        return kept == members && spare == withoutKey ? this : new Maglev(tableSize, spare, kept, table);
    }

    static MaglevTable table(int size, Members members) {
        int[] offsets = new int[members.size()];
        int[] skips = new int[members.size()];
        double[] weights = new double[members.size()];
        double total = members.totalWeight();
        for (int i = 0; i < members.size(); i++) {
            offsets[i] = (int) Long.remainderUnsigned(HashKey.of(members.name(i), 0), size);
            skips[i] = (int) Long.remainderUnsigned(HashKey.of(members.name(i), 1), size - 1) + 1;
            weights[i] = members.weight(i) / total;
        }
        return MaglevTable.fill(size, offsets, skips, weights);
    }

    @Override
    @Nullable
    Node owner(long hash, NodeSet candidates, RequestContext request, long nowNanos) {
        Members present = prepared(members);
        if (table == null) {
            return null;
        }
        boolean restricted = request.hasExclusions();
        for (long attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            int member = table.member(hash ^ -attempt);
            int at = present.at(member);
            if (at >= 0
                    && ramped(hash, present.seed(member), candidates, at, nowNanos)
                    && !(restricted && request.excludes(candidates.get(at)))) {
                return candidates.get(at);
            }
        }
        return present.anyFor(hash, candidates, request);
    }
}
