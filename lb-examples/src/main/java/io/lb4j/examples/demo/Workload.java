package io.lb4j.examples.demo;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** When each call starts and how much work it is: drawn beforehand, so that each algorithm gets exactly the same calls. */
final class Workload {
    private static final double LEAST_WORK = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double MEAN_ABOVE_LEAST = TimeUnit.MILLISECONDS.toNanos(8);
    private static final double MOST_WORK = TimeUnit.MILLISECONDS.toNanos(60);

    private final long[] starts;
    private final long[] work;

    private Workload(long[] starts, long[] work) {
        this.starts = starts;
        this.work = work;
    }

    /** Draws independent callers: exponential gaps between the starts, exponential work above a least amount. */
    static Workload draw(Scenario scenario) {
        Random random = new Random(scenario.seed());
        double gap = 1e9 / scenario.callsPerSecond();
        int most = (int) (2 * scenario.length().toNanos() / gap) + 100;
        long[] starts = new long[most];
        long[] work = new long[most];
        double at = exponential(random, gap);
        int size = 0;
        for (; size < most && at < scenario.length().toNanos(); size++) {
            starts[size] = (long) at;
            work[size] = (long) Math.min(MOST_WORK, LEAST_WORK + exponential(random, MEAN_ABOVE_LEAST));
            at += exponential(random, gap);
        }
        return new Workload(Arrays.copyOf(starts, size), Arrays.copyOf(work, size));
    }

    private static double exponential(Random random, double mean) {
        return -Math.log(1 - random.nextDouble()) * mean;
    }

    int size() {
        return starts.length;
    }

    /** Returns when a call starts, in nanoseconds after the first. */
    long startNanos(int call) {
        return starts[call];
    }

    /** Returns how long a server of normal speed works on a call. */
    long workNanos(int call) {
        return work[call];
    }
}
