package io.lb4j;

/**
 * A monotonic clock in nanoseconds, as {@link System#nanoTime()}.
 *
 * <p>Every duration the engine measures or waits for comes from one of these, so a test may hand in a clock it moves by
 * hand. Values have no meaning of their own, only differences have; they may be negative and may wrap. Implementations
 * are thread-safe and cheap: the engine reads the ticker twice per request.
 */
@FunctionalInterface
public interface Ticker {
    /**
     * Returns the time now.
     *
     * @return nanoseconds since an arbitrary origin
     */
    long nanoTime();

    /**
     * Returns the ticker of the running JVM.
     *
     * @return a ticker that reads {@link System#nanoTime()}
     */
    static Ticker system() {
        return System::nanoTime;
    }
}
