package io.lb4j.balance;

import io.lb4j.Node;

/**
 * Weighted turns for any weights: step k goes to the node in whose part of the unit interval {@code k * 0.618...} modulo
 * 1 lies.
 *
 * <p>After any number of steps each node has had its share of them but for a few: these points fill the interval more
 * evenly than any others of this kind (the golden ratio sequence, Weyl 1916; D. Knuth, The Art of Computer Programming
 * 3, 6.4). They are computed in whole numbers modulo 2^30, so that the sequence closes after 2^30 steps without a seam.
 */
final class GoldenSchedule implements Schedule {
    private static final int BITS = 30;
    static final int LENGTH = 1 << BITS;
    /** 2^30 divided by the golden ratio; odd, so that every point is visited once per period. */
    private static final int STEP = 663_608_943;

    private final Node[] nodes;
    /** Where the part of each node ends. */
    private final int[] ends;
    /** By the first bits of a point, the first node whose part may hold it. */
    private final int[] firsts;

    private final int shift;
    private final int phase;

    private GoldenSchedule(Node[] nodes, int[] ends, int phase) {
        int bits = 32 - Integer.numberOfLeadingZeros(nodes.length);
        this.nodes = nodes;
        this.ends = ends;
        this.shift = BITS - bits;
        this.phase = phase;
        this.firsts = new int[1 << bits];
        for (int i = 0, cell = 0; cell < firsts.length; cell++) {
            while (ends[i] <= cell << shift) {
                i++;
            }
            firsts[cell] = i;
        }
    }

    static GoldenSchedule of(Node[] nodes, double[] weights, int phase) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        int[] ends = new int[weights.length];
        double end = 0;
        for (int i = 0; i < weights.length; i++) {
            end += weights[i];
            ends[i] = (int) Math.rint(end / sum * LENGTH);
        }
        ends[ends.length - 1] = LENGTH;
        return new GoldenSchedule(nodes, ends, phase);
    }

    @Override
    public Node next(Cursor cursor) {
        int point = (cursor.next(LENGTH) + phase) * STEP & (LENGTH - 1);
        int i = firsts[point >>> shift];
        while (ends[i] <= point) {
            i++;
        }
        return nodes[i];
    }
}
