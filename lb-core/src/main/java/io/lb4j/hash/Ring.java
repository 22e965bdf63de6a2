package io.lb4j.hash;

import java.util.Arrays;

/**
 * Points on a circle of 2^64 positions and whose they are. Immutable.
 *
 * <p>An index of buckets, about one point in each, takes the place of a binary search: the points are spread by a hash,
 * so the bucket of a position is never far from its successor.
 */
final class Ring {
    private static final int BITS = 64;

    /** In ascending order when read as unsigned; kept with the first bit turned, so that they compare as signed. */
    private final long[] points;

    private final int[] owners;
    private final int[] starts;
    private final int shift;

    private Ring(long[] points, int[] owners, int[] starts, int shift) {
        this.points = points;
        this.owners = owners;
        this.starts = starts;
        this.shift = shift;
    }

    /** Collects points. Of two at the same position the one added first comes first. */
    static final class Builder {
        private long[] positions = new long[1024];
        private int[] owners = new int[1024];
        private int size;

        void add(long position, int owner) {
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, size * 2);
                owners = Arrays.copyOf(owners, size * 2);
            }
            positions[size] = position;
            owners[size++] = owner;
        }

        /** Sorts into the buckets, then within each. */
        Ring build() {
            int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size, 1) - 1));
            int shift = BITS - bits;
            int[] starts = new int[1 << bits];
            for (int i = 0; i < size; i++) {
                starts[(int) (positions[i] >>> shift)]++;
            }
            int sum = 0;
            for (int b = 0; b < starts.length; b++) {
                sum += starts[b];
                starts[b] = sum;
            }
            long[] points = new long[size];
            int[] sorted = new int[size];
            for (int i = size - 1; i >= 0; i--) {
                int at = --starts[(int) (positions[i] >>> shift)];
                points[at] = positions[i] ^ Long.MIN_VALUE;
                sorted[at] = owners[i];
            }
            sortNeighbours(points, sorted);
            return new Ring(points, sorted, starts, shift);
        }

        private static void sortNeighbours(long[] points, int[] owners) {
            for (int i = 1; i < points.length; i++) {
                long point = points[i];
                int owner = owners[i];
                int at = i;
                for (; at > 0 && points[at - 1] > point; at--) {
                    points[at] = points[at - 1];
                    owners[at] = owners[at - 1];
                }
                points[at] = point;
                owners[at] = owner;
            }
        }
    }

    int size() {
        return points.length;
    }

    /** The place of the first point at or after a position; the ring must not be empty. */
    int successor(long position) {
        long wanted = position ^ Long.MIN_VALUE;
        int i = starts[(int) (position >>> shift)];
        while (i < points.length && points[i] < wanted) {
            i++;
        }
        return i == points.length ? 0 : i;
    }

    int owner(int place) {
        return owners[place];
    }

    long position(int place) {
        return points[place] ^ Long.MIN_VALUE;
    }
}
