package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Moving averages over all nodes of one LoadBalancer, each sample with weight 0.01.
 *
 * <p>Every report writes them, so they stand on cache lines of their own. Updates are racy: two at once may lose one
 * sample, never more.
 */
final class PoolAverages extends PoolAveragesFields {
    private static final double WEIGHT = 0.01;
    private static final VarHandle LATENCY;
    private static final VarHandle FAILURES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LATENCY = lookup.findVarHandle(PoolAveragesFields.class, "latency", double.class)
                    .withInvokeExactBehavior();
            FAILURES = lookup.findVarHandle(PoolAveragesFields.class, "failures", double.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // keeps neighbours in memory off the cache line
    private double after0, after1, after2, after3, after4, after5, after6, after7;

    /** Mean latency of successes in nanoseconds, 0 as long as there is none. */
    double latency() {
        return (double) LATENCY.getOpaque((PoolAveragesFields) this);
    }

    /** Part of the attempts that fail, 0 to 1. */
    double failureRate() {
        return (double) FAILURES.getOpaque((PoolAveragesFields) this);
    }

    void recordLatency(double nanos) {
        double mean = latency();
        LATENCY.setOpaque((PoolAveragesFields) this, mean == 0 ? nanos : mean + WEIGHT * (nanos - mean));
    }

    void recordFailure(boolean failed) {
        double rate = failureRate();
        if (failed) {
            FAILURES.setOpaque((PoolAveragesFields) this, rate + (1 - rate) * WEIGHT);
        } else if (rate != 0) {
            FAILURES.setOpaque((PoolAveragesFields) this, NodeMetrics.withoutDenormals(rate + (0 - rate) * WEIGHT));
        }
    }
}
