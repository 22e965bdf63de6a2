package io.lb4j.health;

import io.lb4j.Ticker;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** When a check must be over, by the JVM's clock: sockets know no other. */
record Deadline(long nanos) {
    static Deadline in(Duration timeout) {
        return new Deadline(Ticker.system().nanoTime() + Checks.positiveNanos("timeout", timeout));
    }

    Duration left() throws SocketTimeoutException {
        long left = nanos - Ticker.system().nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the time for the check is up");
        }
        return Duration.ofNanos(left);
    }

    /** For socket timeouts, of which 0 would mean none. */
    int leftMillis() throws SocketTimeoutException {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left().toMillis()));
    }
}
