package io.lb4j.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Tells one of the threads that ask, once per interval, that it is over. */
final class Interval {
    private static final VarHandle START;

    static {
        try {
            START = MethodHandles.lookup()
                    .findVarHandle(Interval.class, "start", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long nanos;
    /** When the interval began; moved on by CAS. */
    private volatile long start;

    Interval(long nanos, long startNanos) {
        this.nanos = nanos;
        this.start = startNanos;
    }

    /** How long the interval has taken, if it is over and no other thread was told so; else 0. */
    long over(long nowNanos) {
        long before = start;
        long elapsed = nowNanos - before;
        return elapsed >= nanos && START.compareAndSet(this, before, nowNanos) ? elapsed : 0;
    }
}
