package io.lb4j.examples.demo;

import java.util.Arrays;
import java.util.Collection;

/** Latencies in order, to read percentiles from. */
public final class Latencies {
    private final long[] sortedNanos;

    private Latencies(long[] sortedNanos) {
        this.sortedNanos = sortedNanos;
    }

    static Latencies of(Collection<CallResult> calls) {
        long[] nanos = calls.stream().mapToLong(CallResult::latencyNanos).toArray();
        Arrays.sort(nanos);
        return new Latencies(nanos);
    }

    /** Returns the latency in milliseconds that so many percent of the calls did not exceed; 0 without calls. */
    public double percentileMillis(double percent) {
        if (sortedNanos.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(sortedNanos.length * percent / 100);
        return sortedNanos[Math.max(1, rank) - 1] / 1e6;
    }
}
