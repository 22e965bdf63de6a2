package io.lb4j.okhttp;

import io.lb4j.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Limits retries to a part of the requests, and some a second on top: a token bucket whose tokens expire after 10 s.
 *
 * <p>The semantics are those of Finagle's {@code RetryBudget}. Thread-safe, without locks.
 */
final class RetryBudget {
    private static final int WINDOW_SECONDS = 10;
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** One more than the window: the current slice is incomplete. */
    private static final int SLICES = WINDOW_SECONDS + 1;

    private static final long REQUEST = 1000;

    private final Ticker ticker;
    private final long start;
    private final long deposit;
    private final long withdrawal;
    /** Tokens now: the reserve and the sum of the slices; atomic. */
    private final AtomicLong balance;
    /** What the bucket gained or lost in each of the last seconds, so that it can be taken back; atomic. */
    private final AtomicLongArray slices = new AtomicLongArray(SLICES);
    /** The second that {@link #slices} has got to; whoever moves it clears the slices in between. */
    private final AtomicLong second = new AtomicLong();

    RetryBudget(double ratio, int perSecond, Ticker ticker) {
        this.ticker = ticker;
        this.start = ticker.nanoTime();
        this.deposit = ratio == 0 ? 0 : REQUEST;
        this.withdrawal = ratio == 0 ? REQUEST : Math.round(REQUEST / ratio);
        this.balance = new AtomicLong((long) perSecond * WINDOW_SECONDS * withdrawal);
    }

    /** A request was made that is not a retry. */
    void deposit() {
        int slice = currentSlice();
        if (deposit != 0) {
            add(slice, deposit);
        }
    }

    /** Takes what one retry costs; false if there is not enough. */
    boolean tryWithdraw() {
        int slice = currentSlice();
        long before = balance.get();
        while (before >= withdrawal) {
            if (balance.compareAndSet(before, before - withdrawal)) {
                slices.addAndGet(slice, -withdrawal);
                return true;
            }
            before = balance.get();
        }
        return false;
    }

    /** How many retries could be made at once, now. */
    long available() {
        int ignored = currentSlice();
        return Math.max(0, balance.get() / withdrawal);
    }

    private void add(int slice, long tokens) {
        slices.addAndGet(slice, tokens);
        balance.addAndGet(tokens);
    }

    private int currentSlice() {
        long now = (ticker.nanoTime() - start) / SLICE_NANOS;
        long before = second.get();
        while (before < now) {
            if (second.compareAndSet(before, now)) {
                expire(Math.max(before + 1, now - SLICES + 1), now);
                break;
            }
            before = second.get();
        }
        return (int) (now % SLICES);
    }

    /** Takes back the tokens of the slices that are about to be used again. */
    private void expire(long from, long to) {
        for (long each = from; each <= to; each++) {
            balance.addAndGet(-slices.getAndSet((int) (each % SLICES), 0));
        }
    }
}
