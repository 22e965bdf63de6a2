package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Bytes that went both ways, in all and per time. Thread-safe; the rate is racy: two at once may count as one. */
@SuppressWarnings("unused") // Error Prone does not see what a VarHandle reads
final class ByteCount {
    private static final double DECAY_NANOS = 10e9;
    private static final VarHandle TOTAL = handle("total", long.class);
    private static final VarHandle RATE = handle("rate", double.class);
    private static final VarHandle RATE_AT = handle("rateAt", long.class);

    /** Since the beginning; atomic. */
    private volatile long total;
    /** Bytes per nanosecond; opaque and racy, as is its time. */
    private double rate;

    private long rateAt;

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(ByteCount.class, field, type)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    void add(long count, long now) {
        long ignored = (long) TOTAL.getAndAdd(this, count);
        double next = perNano(now) + count / DECAY_NANOS;
        RATE.setOpaque(this, next);
        RATE_AT.setOpaque(this, now);
    }

    long total() {
        return total;
    }

    /** The recent rate, averaged over about 10 s. */
    double perNano(long now) {
        double known = (double) RATE.getOpaque(this);
        long elapsed = now - (long) RATE_AT.getOpaque(this);
        return known == 0 || elapsed <= 0
                ? known
                : NodeMetrics.withoutDenormals(known * Math.exp(-elapsed / DECAY_NANOS));
    }
}
