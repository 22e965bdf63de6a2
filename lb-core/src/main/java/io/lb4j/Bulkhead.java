package io.lb4j;

import java.util.concurrent.atomic.AtomicInteger;

/** Limits how many leases of a whole service are open at once; exact, lock-free. */
final class Bulkhead {
    private final int limit;
    /** Leases that are open, and requests that look for a node at this moment. */
    private final AtomicInteger inside = new AtomicInteger();

    Bulkhead(int limit) {
        this.limit = limit;
    }

    /** Takes a place; false if none is free. */
    boolean enter() {
        int before = inside.get();
        while (before < limit) {
            int seen = inside.compareAndExchange(before, before + 1);
            if (seen == before) {
                return true;
            }
            before = seen;
        }
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    boolean isFull() {
        return inside.get() >= limit;
    }

    int limit() {
        return limit;
    }
}
