package io.lb4j.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lb4j.Ticker;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Makes a request on a connection that has reached its age the last one: OkHttp takes {@code Connection: close} as the end
 * of it, also where HTTP/2 does not send that header. Thread-safe.
 */
final class ConnectionAge implements Interceptor {
    private final long mostNanos;
    private final Ticker ticker;
    /** When each connection was first used. */
    private final Cache<Connection, Long> firstUse =
            Caffeine.newBuilder().weakKeys().build();

    ConnectionAge(Duration most, Ticker ticker) {
        this.mostNanos = most.toNanos();
        this.ticker = ticker;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Connection connection = chain.connection();
        CallState state = chain.call().tag(CallState.class);
        if (connection == null || state == null) {
            return chain.proceed(chain.request());
        }
        long now = ticker.nanoTime();
        Long first = firstUse.get(connection, unknown -> now);
        if (first == null || now - first < mostNanos) {
            return chain.proceed(chain.request());
        }
        return chain.proceed(
                chain.request().newBuilder().header("Connection", "close").build());
    }
}
