package io.lb4j.hash;

import io.lb4j.HashKey;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import org.jspecify.annotations.Nullable;

/** The order of preference that each key has among the nodes: rendezvous hashing, in arrays. Immutable. */
final class Choices {
    private static final int BITS = 53;
    private static final long LAST = (1L << BITS) - 1;

    final Members members;
    private final long[] seeds;
    private final int[] at;
    private final double[] weights;
    private final boolean uniform;

    Choices(Members members) {
        this.members = members;
        this.seeds = new long[members.size()];
        this.at = new int[members.size()];
        this.weights = new double[members.size()];
        double most = 0;
        boolean same = true;
        for (int i = 0; i < members.size(); i++) {
            seeds[i] = members.seed(i);
            at[i] = members.at(i);
            most = Math.max(most, members.weight(i));
            same &= members.weight(i) == members.weight(0);
        }
        for (int i = 0; i < members.size(); i++) { // a power of two changes no order and keeps clear of the limits
            weights[i] = Math.scalb(members.weight(i), -Math.getExponent(most));
        }
        this.uniform = same;
    }

    int size() {
        return seeds.length;
    }

    /** The choice's place in the list of candidates. */
    int at(int choice) {
        return at[choice];
    }

    long seed(int choice) {
        return seeds[choice];
    }

    /** In proportion to the weights of the nodes. */
    double weight(int choice) {
        return weights[choice];
    }

    /** The key's number in a node's lottery: 0 to {@link #LAST}. */
    private static long draw(long hash, long seed) {
        return HashKey.of(hash ^ seed) >>> (Long.SIZE - BITS);
    }

    /** How far down a node is in the key's order: at least 0, the lowest comes first. */
    static double score(long hash, long seed, double weight) {
        return -Math.log((draw(hash, seed) + 0.5) / (LAST + 1)) / weight;
    }

    /** The same for a choice; if all weights are equal, the order is that of the draws. */
    double score(long hash, int choice) {
        return uniform ? LAST - draw(hash, seeds[choice]) : score(hash, seeds[choice], weights[choice]);
    }

    /** The first of the choices that come after a score and are not excluded; -1 = there is none. */
    int next(long hash, double after, NodeSet candidates, @Nullable RequestContext restriction) {
        double least = Double.POSITIVE_INFINITY;
        int best = -1;
        for (int i = 0; i < seeds.length; i++) {
            double score = LAST - draw(hash, seeds[i]);
            if (!uniform) {
                if (best >= 0 && score / (LAST + 1) >= least * weights[i]) {
                    continue; // because -ln(u) >= 1 - u: saves most logarithms
                }
                score = score(hash, seeds[i], weights[i]);
            }
            if (score > after
                    && (best < 0 || score < least)
                    && (restriction == null || !restriction.excludes(candidates.get(at[i])))) {
                least = score;
                best = i;
            }
        }
        return best;
    }
}
