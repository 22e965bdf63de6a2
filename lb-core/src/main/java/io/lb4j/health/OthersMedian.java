package io.lb4j.health;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Compares one node with the others; the lower median, so that as many good nodes as bad ones speak for the good. */
final class OthersMedian {
    private final double[] sorted;

    OthersMedian(List<NodeTraffic> pool, ToDoubleFunction<NodeTraffic> value) {
        this.sorted = pool.stream().mapToDouble(value).sorted().toArray();
    }

    boolean hasOthers() {
        return sorted.length > 1;
    }

    /** The lower median of all values but one that is equal to {@code own}. */
    double without(double own) {
        int left = (sorted.length - 2) / 2;
        return left < Arrays.binarySearch(sorted, own) ? sorted[left] : sorted[left + 1];
    }
}
