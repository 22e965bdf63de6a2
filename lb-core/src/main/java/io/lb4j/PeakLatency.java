package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Average latency of one node that jumps to every higher sample and decays from there: peak EWMA.
 *
 * <p>{@code w = exp(-elapsed / decay)}; a sample above the average becomes the average, any other one makes it {@code
 * average * w + sample * (1 - w)}. To look at the average counts as a sample of 0, so a node that is looked at and not
 * used becomes cheap again. Source: {@code PeakEwma} of Finagle.
 *
 * <p>Unlike there, a failure or a cancelled wait raises the average and never lowers it. Thread-safe, and racy like the
 * other averages of a {@link Node}: two samples at once may count as one.
 */
@SuppressWarnings("unused") // Error Prone does not see what a VarHandle reads
public final class PeakLatency {
    private static final VarHandle COST;
    private static final VarHandle COST_AT;
    private static final VarHandle LOOKED_AT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COST = lookup.findVarHandle(PeakLatency.class, "cost", double.class).withInvokeExactBehavior();
            COST_AT = lookup.findVarHandle(PeakLatency.class, "costAt", long.class)
                    .withInvokeExactBehavior();
            LOOKED_AT = lookup.findVarHandle(PeakLatency.class, "lookedAt", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long decayNanos;
    /** The average as it was at {@code costAt}; all three opaque and racy. */
    private double cost;

    private long costAt;
    /** When the last sample came, a look included; not before {@code costAt}. */
    private long lookedAt;

    PeakLatency(long decayNanos, double cost, long now) {
        this.decayNanos = decayNanos;
        this.cost = cost;
        this.costAt = now;
        this.lookedAt = now;
    }

    long decayNanos() {
        return decayNanos;
    }

    /**
     * Returns the average and counts as a sample of 0.
     *
     * @param nowNanos the time now
     * @return nanoseconds, at least 0; 0 as long as there was no sample
     */
    public double look(long nowNanos) {
        LOOKED_AT.setOpaque(this, nowNanos);
        return nanos(nowNanos);
    }

    /**
     * Returns the average.
     *
     * @param nowNanos the time now
     * @return nanoseconds, at least 0; 0 as long as there was no sample
     */
    public double nanos(long nowNanos) {
        double known = (double) COST.getOpaque(this);
        return known == 0 ? 0 : known * kept(nowNanos - (long) COST_AT.getOpaque(this));
    }

    /** Takes a sample; one that was no success counts only if it raises the average. */
    void record(boolean ok, double sample, long now) {
        long looked = (long) LOOKED_AT.getOpaque(this);
        double before = nanos(looked);
        if (sample <= before && !ok) {
            return;
        }
        double w = kept(now - looked);
        double next = sample > before ? sample : before * w + sample * (1 - w);
        LOOKED_AT.setOpaque(this, now);
        COST_AT.setOpaque(this, now);
        COST.setOpaque(this, next);
    }

    private double kept(long elapsedNanos) {
        return elapsedNanos <= 0 ? 1 : NodeMetrics.withoutDenormals(Math.exp(-(double) elapsedNanos / decayNanos));
    }
}
