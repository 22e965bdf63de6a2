package io.lb4j.okhttp.resilience;

import io.lb4j.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** A count that forgets what is older than a window, in steps of a 60th of it. Thread-safe, without locks. */
final class SlidingCount {
    private static final int WHOLE_SLICES = 60;
    /** One more than the window: the current slice is incomplete. */
    private static final int SLICES = WHOLE_SLICES + 1;

    private final Ticker ticker;
    private final long start;
    private final long sliceNanos;
    /** Atomic. */
    private final AtomicLong sum = new AtomicLong();
    /** What was counted in each of the last slices; atomic. */
    private final AtomicLongArray slices = new AtomicLongArray(SLICES);
    /** The slice that {@link #slices} has got to; whoever moves it clears those in between. */
    private final AtomicLong latest = new AtomicLong();

    SlidingCount(Duration window, Ticker ticker) {
        this.ticker = ticker;
        this.start = ticker.nanoTime();
        this.sliceNanos = Math.max(1, window.toNanos() / WHOLE_SLICES);
    }

    void increment() {
        slices.incrementAndGet(currentSlice());
        sum.incrementAndGet();
    }

    long get() {
        int ignored = currentSlice();
        return Math.max(0, sum.get());
    }

    private int currentSlice() {
        long now = (ticker.nanoTime() - start) / sliceNanos;
        long before = latest.get();
        while (before < now) {
            if (latest.compareAndSet(before, now)) {
                forget(Math.max(before + 1, now - SLICES + 1), now);
                break;
            }
            before = latest.get();
        }
        return (int) (now % SLICES);
    }

    private void forget(long from, long to) {
        for (long each = from; each <= to; each++) {
            sum.addAndGet(-slices.getAndSet((int) (each % SLICES), 0));
        }
    }
}
