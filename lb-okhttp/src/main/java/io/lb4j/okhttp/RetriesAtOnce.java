package io.lb4j.okhttp;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits how many calls of a service are in a retry or a hedge at the same time, by how many there are: Envoy's {@code
 * retry_budget}. Thread-safe, without locks.
 */
final class RetriesAtOnce {
    private final double ratio;
    private final int least;
    /** Calls of which an answer is awaited; atomic. */
    private final AtomicInteger calls = new AtomicInteger();
    /** Of these in a retry, and hedges; atomic. */
    private final AtomicInteger retries = new AtomicInteger();

    RetriesAtOnce(double ratio, int least) {
        this.ratio = ratio;
        this.least = least;
    }

    void callBegins() {
        calls.incrementAndGet();
    }

    void callEnds() {
        calls.decrementAndGet();
    }

    /** How many may be in a retry now. */
    int limit() {
        return Math.max((int) (ratio * calls.get()), least);
    }

    /** False if there are too many already; else {@link #retryEnds} is due. */
    boolean tryRetry() {
        if (retries.incrementAndGet() <= limit()) {
            return true;
        }
        retries.decrementAndGet();
        return false;
    }

    void retryEnds() {
        retries.decrementAndGet();
    }
}
