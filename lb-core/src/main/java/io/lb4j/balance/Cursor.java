package io.lb4j.balance;

import io.lb4j.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * A place in a cycle that many threads move on.
 *
 * <p>One shared place, so that the cycle is exact, as long as threads seldom collide. After 32 collisions within a
 * millisecond there are several, on cache lines of their own and found by thread id, each an exact cycle. The place
 * itself is stored, not a count of picks, so nothing overflows; the length of the cycle may be different in each call.
 */
final class Cursor {
    private static final int MOST_COLLISIONS = 32;
    private static final long WITHIN_NANOS = 1_000_000;
    /** Ints from one stripe to the next: 128 bytes, since processors fetch cache lines in pairs. */
    private static final int STRIDE = 32;

    /** A power of two of stripes, four per processor but 64 at most: with more of them the cycles are less even together. */
    private static final int STRIPE_BITS = Integer.SIZE
            - 1
            - Integer.numberOfLeadingZeros(Math.min(64, 4 * Runtime.getRuntime().availableProcessors()));

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final VarHandle PLACE;
    private static final VarHandle STRIPES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PLACE = lookup.findVarHandle(Cursor.class, "place", int.class).withInvokeExactBehavior();
            STRIPES = lookup.findVarHandle(Cursor.class, "stripes", AtomicIntegerArray.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where the cycle goes on, modulo its length; atomic. */
    private volatile int place;
    /** Collisions since {@link #countedFrom}; both racy: a count that is lost is made up for soon. */
    private int collisions;

    private long countedFrom;
    /** Null until threads collide; set once, by CAS. */
    private volatile @Nullable AtomicIntegerArray stripes;

    /** Any start will do: it counts modulo the length of the cycle. */
    Cursor(int start) {
        this.place = start;
    }

    /** Moves on in a cycle of {@code n} places, at least 1; returns the place before, 0 to {@code n - 1}. */
    int next(int n) {
        AtomicIntegerArray several = stripes;
        if (several != null) {
            return next(several, n);
        }
        do {
            int before = place;
            int now = wrapped(before, n);
            if (PLACE.compareAndSet(this, before, now + 1)) {
                return now;
            }
        } while (!collided(Ticker.system().nanoTime())); // time as processors know it, also where tests make their own
        return next(split(), n);
    }

    /**
     * Counts a collision; true if they are so many that they cost more than several places do.
     *
     * <p>Their rate counts, not how many hit one thread in a row: two threads can share the place for ever, each with a
     * few collisions per pick, at several times the cost.
     */
    boolean collided(long nowNanos) {
        if (nowNanos - countedFrom > WITHIN_NANOS) {
            countedFrom = nowNanos;
            collisions = 0;
        }
        return ++collisions >= MOST_COLLISIONS;
    }

    private static int next(AtomicIntegerArray stripes, int n) {
        int at = stripe(Thread.currentThread().getId());
        while (true) {
            int before = stripes.get(at);
            int now = wrapped(before, n);
            if (stripes.compareAndSet(at, before, now + 1)) {
                return now;
            }
        }
    }

    /** Consecutive thread ids, and those with a common step, land on different stripes. */
    private static int stripe(long threadId) {
        return STRIDE * (1 + (int) ((threadId * GOLDEN_RATIO) >>> (Long.SIZE - STRIPE_BITS)));
    }

    private static int wrapped(int place, int n) {
        return place >= 0 && place < n ? place : Math.floorMod(place, n);
    }

    boolean isSplit() {
        return stripes != null;
    }

    /** Gives up the shared place for several. */
    AtomicIntegerArray split() {
        int count = 1 << STRIPE_BITS;
        AtomicIntegerArray made = new AtomicIntegerArray(STRIDE * (count + 1));
        for (int i = 1; i <= count; i++) { // apart from each other, so that no node gets the first pick of all
            made.set(STRIDE * i, (int) ((place + i * GOLDEN_RATIO) >>> 32));
        }
        AtomicIntegerArray other = (AtomicIntegerArray) STRIPES.compareAndExchange(this, null, made);
        return other == null ? made : other;
    }
}
