package io.lb4j.benchmarks;

import java.util.SplittableRandom;

/** Random latencies drawn beforehand: with the balancer's own, a scan's branches are easier to predict than in life. */
final class Latencies {
    private static final int COUNT = 4096;

    private final long[] nanos = new long[COUNT];
    private int next;

    Latencies(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < COUNT; i++) {
            nanos[i] = (long) (-Math.log(1 - random.nextDouble()) * 10_000_000) + 1;
        }
    }

    long next() {
        next = (next + 1) & (COUNT - 1);
        return nanos[next];
    }
}
