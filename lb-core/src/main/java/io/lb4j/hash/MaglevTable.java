package io.lb4j.hash;

import java.util.Arrays;

/** Slots of a Maglev table and whose they are; the fill of the paper, with the weights of Envoy. Immutable. */
final class MaglevTable {
    private final int size;
    /** 2^64 / size, rounded down: a multiplication in place of a division. */
    private final long inverse;

    private final int[] slots;

    private MaglevTable(int[] slots) {
        this.size = slots.length;
        this.inverse = Long.divideUnsigned(-1L, size);
        this.slots = slots;
    }

    /**
     * Fills a table.
     *
     * @param size a prime, at least 3
     * @param offsets where the preference list of each member begins, 0 to {@code size - 1}
     * @param skips how far it goes on each time, 1 to {@code size - 1}
     * @param weights more than 0
     */
    static MaglevTable fill(int size, int[] offsets, int[] skips, double[] weights) {
        double most = Arrays.stream(weights).max().orElse(1);
        Turns turns = new Turns(weights, most);
        int[] slots = new int[size];
        Arrays.fill(slots, -1);
        int[] next = offsets.clone();
        for (int filled = 0; filled < size; filled++) {
            int member = turns.next();
            int slot = next[member];
            while (slots[slot] >= 0) {
                slot = after(slot, skips[member], size);
            }
            slots[slot] = member;
            next[member] = after(slot, skips[member], size);
        }
        return new MaglevTable(slots);
    }

    private static int after(int slot, int skip, int size) {
        int sum = slot + skip;
        return sum >= size ? sum - size : sum;
    }

    /** The member that owns the slot of a hash. */
    int member(long hash) {
        return slots[slot(hash)];
    }

    /** The hash, unsigned, modulo the size. */
    int slot(long hash) {
        long quotient = Math.multiplyHigh(hash, inverse) + ((hash >> 63) & inverse);
        long rest = hash - quotient * size;
        return (int) (rest >= size ? rest - size : rest);
    }

    int size() {
        return size;
    }

    int memberAt(int slot) {
        return slots[slot];
    }

    /**
     * Whose turn it is: in round {@code r} a member takes a slot if {@code r * weight} has reached its target, which
     * then grows by the highest weight. A heap of the rounds to come gives that order without asking everybody in
     * every round.
     */
    private static final class Turns {
        private final double[] weights;
        private final double most;
        private final double[] targets;
        /** Round (upper half) and member (lower half) of each next turn, smallest first. */
        private final long[] heap;

        private final boolean uniform;
        private int turns;

        Turns(double[] weights, double most) {
            this.weights = weights;
            this.most = most;
            this.targets = new double[weights.length];
            this.heap = new long[weights.length];
            this.uniform = Arrays.stream(weights).allMatch(weight -> weight == most);
            for (int i = 0; i < heap.length; i++) {
                heap[i] = 1L << 32 | i;
            }
        }

        int next() {
            if (uniform) {
                return turns++ % weights.length;
            }
            int member = (int) heap[0];
            long round = heap[0] >>> 32;
            targets[member] += most;
            replaceFirst(Math.max(round + 1, firstRound(weights[member], targets[member])) << 32 | member);
            return member;
        }

        /** The first round in which a weight reaches a target, as the arithmetic of doubles has it. */
        private static long firstRound(double weight, double target) {
            double estimate = target / weight;
            if (estimate >= Integer.MAX_VALUE - 1) {
                return Integer.MAX_VALUE; // no table has so many slots
            }
            long round = (long) estimate;
            while (round > 1 && (round - 1) * weight >= target) {
                round--;
            }
            while (round * weight < target) {
                round++;
            }
            return round;
        }

        private void replaceFirst(long turn) {
            int at = 0;
            for (int child = 1; child < heap.length; child = 2 * at + 1) {
                if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                    child++;
                }
                if (heap[child] >= turn) {
                    break;
                }
                heap[at] = heap[child];
                at = child;
            }
            heap[at] = turn;
        }
    }
}
