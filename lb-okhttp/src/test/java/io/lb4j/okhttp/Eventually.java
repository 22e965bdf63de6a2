package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what another thread is about to do. */
final class Eventually {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private Eventually() {}

    static <T> void equal(T expected, Supplier<T> actual) {
        long start = System.nanoTime();
        while (!Objects.equals(expected, actual.get()) && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(expected, actual.get());
    }

    /** Also collects garbage while it waits. */
    static <T> void equalAfterGc(T expected, Supplier<T> actual) {
        equal(expected, () -> {
            System.gc();
            return actual.get();
        });
    }
}
