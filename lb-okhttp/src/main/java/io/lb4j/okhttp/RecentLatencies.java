package io.lb4j.okhttp;

import io.lb4j.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Quantiles of the latencies of the last 30 to 60 s: a histogram whose buckets grow with the values, in two windows.
 *
 * <p>A quantile is too high by 1/16 at most, and never too low. 4 kB, however many samples. Thread-safe; locks when a window begins.
 */
final class RecentLatencies {
    /** Fewer say nothing of a high quantile. */
    static final int LEAST_SAMPLES = 100;

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Buckets for each doubling, as a power of 2. */
    private static final int PRECISION_BITS = 4;
    /** Up to 2^10 ns = 1 us everything is in the first bucket. */
    private static final int FIRST_OCTAVE = 10;
    /** From 2^40 ns = 18 min on everything is in the last one. */
    private static final int LAST_OCTAVE = 40;

    private static final int BUCKETS = (LAST_OCTAVE - FIRST_OCTAVE) << PRECISION_BITS;

    private final Ticker ticker;
    private final long start;
    private final ReentrantLock moving = new ReentrantLock();
    /** Replaced every 30 s, guarded by the lock. */
    private volatile Windows windows = new Windows(0, empty(), empty());

    /** The last element of each array is the sum of the others. */
    private record Windows(long epoch, AtomicIntegerArray current, AtomicIntegerArray previous) {}

    RecentLatencies(Ticker ticker) {
        this.ticker = ticker;
        this.start = ticker.nanoTime();
    }

    private static AtomicIntegerArray empty() {
        return new AtomicIntegerArray(BUCKETS + 1);
    }

    void record(long nanos) {
        AtomicIntegerArray counts = windows().current;
        counts.incrementAndGet(bucket(nanos));
        counts.incrementAndGet(BUCKETS);
    }

    /** A latency that {@code part} of the samples did not exceed; 0 if there are too few. */
    long quantile(double part) {
        Windows now = windows();
        long total = (long) now.current.get(BUCKETS) + now.previous.get(BUCKETS);
        if (total < LEAST_SAMPLES) {
            return 0;
        }
        long above = (long) (total * (1 - part));
        int bucket = BUCKETS - 1;
        for (long seen = count(now, bucket); seen <= above && bucket > 0; seen += count(now, bucket)) {
            bucket--;
        }
        return upperBound(bucket);
    }

    private static long count(Windows now, int bucket) {
        return (long) now.current.get(bucket) + now.previous.get(bucket);
    }

    private static int bucket(long nanos) {
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, nanos));
        if (octave < FIRST_OCTAVE) {
            return 0;
        } else if (octave >= LAST_OCTAVE) {
            return BUCKETS - 1;
        }
        int within = (int) (nanos >>> (octave - PRECISION_BITS)) & ((1 << PRECISION_BITS) - 1);
        return ((octave - FIRST_OCTAVE) << PRECISION_BITS) + within;
    }

    private static long upperBound(int bucket) {
        int octave = FIRST_OCTAVE + (bucket >> PRECISION_BITS);
        long within = bucket & ((1 << PRECISION_BITS) - 1);
        return (1L << octave) + ((within + 1) << (octave - PRECISION_BITS));
    }

    private Windows windows() {
        long epoch = (ticker.nanoTime() - start) / WINDOW_NANOS;
        Windows known = windows;
        return known.epoch >= epoch ? known : moved(epoch);
    }

    private Windows moved(long epoch) {
        moving.lock();
        try {
            Windows known = windows;
            if (known.epoch < epoch) {
                known = new Windows(epoch, empty(), known.epoch == epoch - 1 ? known.current : empty());
                windows = known;
            }
            return known;
        } finally {
            moving.unlock();
        }
    }
}
