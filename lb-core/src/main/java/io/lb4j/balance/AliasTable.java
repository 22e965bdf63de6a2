package io.lb4j.balance;

import java.util.Arrays;

/**
 * Draws indexes with given probabilities in constant time: the alias method of Walker (1977), built as Vose (1991) does.
 *
 * <p>Each index has a cell of equal probability, which belongs to the index up to a threshold and to another one, its
 * alias, from there on. Immutable.
 */
final class AliasTable {
    private static final double SCALE = 0x1p32;
    private static final long LOW = 0xFFFF_FFFFL;

    /** The threshold in the high 32 bits, the alias in the low ones. */
    private final long[] cells;

    private AliasTable(long[] cells) {
        this.cells = cells;
    }

    /** At least one weight; finite, at least 0, not all 0. */
    static AliasTable of(double[] weights) {
        int n = weights.length;
        double sum = Arrays.stream(weights).sum();
        double[] rest = Arrays.stream(weights).map(weight -> weight / sum * n).toArray();
        long[] cells = new long[n];
        int[] stack = new int[n];
        int poor = 0; // those of less than 1 from the left, the others from the right
        int rich = n;
        for (int i = 0; i < n; i++) {
            stack[rest[i] < 1 ? poor++ : --rich] = i;
        }
        while (poor > 0 && rich < n) {
            int under = stack[--poor];
            int over = stack[rich++];
            cells[under] = cell(rest[under], over);
            rest[over] += rest[under] - 1;
            stack[rest[over] < 1 ? poor++ : --rich] = over;
        }
        while (rich < n) {
            cells[stack[rich]] = cell(0, stack[rich++]);
        }
        while (poor > 0) { // would be 1 but for rounding
            cells[stack[--poor]] = cell(0, stack[poor]);
        }
        return new AliasTable(cells);
    }

    private static long cell(double threshold, int alias) {
        return Math.min(LOW, Math.round(threshold * SCALE)) << 32 | alias;
    }

    /** The index for 64 random bits, without a branch: a wrong guess would cost more than the rest of it. */
    int draw(long bits) {
        int i = Candidates.below(cells.length, (int) (bits >>> 32));
        long cell = cells[i];
        int own = (int) (((bits & LOW) - (cell >>> 32)) >> 63); // all ones below the threshold, else 0
        int alias = (int) cell;
        return alias ^ ((alias ^ i) & own);
    }

    int size() {
        return cells.length;
    }

    /** The part of its cell that belongs to the index, 0 if all of it does as its own alias. */
    double threshold(int i) {
        return (cells[i] >>> 32) / SCALE;
    }

    int alias(int i) {
        return (int) cells[i];
    }
}
