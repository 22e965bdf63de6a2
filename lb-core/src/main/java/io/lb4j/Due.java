package io.lb4j;

/** Collects when the next tick is needed; confined to the tick. */
final class Due {
    private final long now;
    private long nanos = Long.MAX_VALUE;

    Due(long now) {
        this.now = now;
    }

    /** Something is due at this time. */
    void at(long time) {
        nanos = Math.min(nanos, Math.max(0, time - now));
    }

    boolean any() {
        return nanos != Long.MAX_VALUE;
    }

    long time() {
        return now + nanos;
    }
}
