package io.lb4j.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lb4j.Ticker;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;

/**
 * Looks, before a request that OkHttp must not repeat is written to a pooled HTTP/1.1 connection, whether the server has
 * closed that in the meantime. Servers close idle connections after 5 s and more; OkHttp itself looks from 10 s on.
 *
 * <p>Looking takes 1 ms, so a connection used within the last second is trusted. Thread-safe.
 */
final class StaleConnectionCheck implements Interceptor {
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Ticker ticker;
    /** A time is written in place: each put would make the cache wake a thread to look after itself. */
    private final Cache<Connection, LastUse> lastUses =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

    StaleConnectionCheck(Ticker ticker) {
        this.ticker = ticker;
    }

    /** When the last request was written to a connection. */
    private static final class LastUse {
        /** Written by whoever has the connection; HTTP/1.1 has one exchange at a time. */
        volatile long nanos;

        LastUse(long nanos) {
            this.nanos = nanos;
        }
    }

    /** The connection is of no use, and nothing was written to it. */
    static final class StaleConnectionException extends IOException {
        private static final long serialVersionUID = 1;

        StaleConnectionException() {
            super("the server has closed the idle connection");
        }
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Connection connection = chain.connection();
        if (connection != null
                && connection.protocol() == Protocol.HTTP_1_1
                && chain.call().tag(CallState.class) != null) {
            long now = ticker.nanoTime();
            LastUse last = lastUses.get(connection, made -> new LastUse(now));
            boolean idle = now - last.nanos >= TRUSTED_NANOS;
            last.nanos = now;
            if (idle && !chain.getRetryOnConnectionFailure() && isClosed(connection.socket())) {
                throw new StaleConnectionException();
            }
        }
        return chain.proceed(chain.request());
    }

    /** Between two exchanges there is nothing to read; a byte is the beginning of the server's farewell. */
    private static boolean isClosed(Socket socket) {
        try {
            int timeout = socket.getSoTimeout();
            socket.setSoTimeout(1);
            try {
                int ignored = socket.getInputStream().read();
                return true;
            } catch (SocketTimeoutException quiet) {
                return false;
            } finally {
                socket.setSoTimeout(timeout);
            }
        } catch (IOException broken) {
            return true;
        }
    }
}
