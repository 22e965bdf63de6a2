package io.lb4j.okhttp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * How long parts of a call may take. Immutable; each part that is not set is that of the next in line: the tag of the request,
 * {@link Service#withTimeouts the service}, the client.
 *
 * <pre>{@code
 * Service.of(orders).withTimeouts(Timeouts.none().withRead(Duration.ofSeconds(2)))
 * request.newBuilder().tag(Timeouts.class, Timeouts.none().withRead(Duration.ofMinutes(1))).build()     // for one call
 * }</pre>
 *
 * <p>They hold for each attempt; all attempts of a call together are limited by its {@code callTimeout}.
 */
public final class Timeouts {
    private static final Timeouts NONE = new Timeouts(null, null, null);

    private final @Nullable Duration connect;
    private final @Nullable Duration send;
    private final @Nullable Duration read;

    private Timeouts(@Nullable Duration connect, @Nullable Duration send, @Nullable Duration read) {
        this.connect = connect;
        this.send = send;
        this.read = read;
    }

    /**
     * Returns timeouts of which none is set.
     *
     * @return none
     */
    public static Timeouts none() {
        return NONE;
    }

    /**
     * Returns these with another time for connecting to one address of an endpoint; in the TLS handshake that follows, also the
     * longest wait for the server. {@code proxy_connect_timeout} of NGINX.
     *
     * @param value 0 to 24 days in whole milliseconds; zero = no limit
     * @return a copy
     */
    public Timeouts withConnect(Duration value) {
        return new Timeouts(Checks.timeout("connect timeout", value), send, read);
    }

    /**
     * Returns these with another time in which the server must take some more of the request; not for all of it.
     * {@code proxy_send_timeout} of NGINX, the write timeout of OkHttp.
     *
     * @param value 0 to 24 days in whole milliseconds; zero = no limit
     * @return a copy
     */
    public Timeouts withSend(Duration value) {
        return new Timeouts(connect, Checks.timeout("send timeout", value), read);
    }

    /**
     * Returns these with another time in which the server must send some more of its answer; not for all of it.
     * {@code proxy_read_timeout} of NGINX. For a stream that may be silent for long it is zero.
     *
     * @param value 0 to 24 days in whole milliseconds; zero = no limit
     * @return a copy
     */
    public Timeouts withRead(Duration value) {
        return new Timeouts(connect, send, Checks.timeout("read timeout", value));
    }

    /** Those that count for a request to a service: what its tag leaves open the service decides. */
    Chain applyTo(Chain chain, Request request) {
        Timeouts own = request.tag(Timeouts.class);
        return own == null ? applyTo(chain) : own.applyTo(applyTo(chain));
    }

    private Chain applyTo(Chain chain) {
        Chain changed = chain;
        if (connect != null) {
            changed = changed.withConnectTimeout(millis(connect), TimeUnit.MILLISECONDS);
        }
        if (send != null) {
            changed = changed.withWriteTimeout(millis(send), TimeUnit.MILLISECONDS);
        }
        if (read != null) {
            changed = changed.withReadTimeout(millis(read), TimeUnit.MILLISECONDS);
        }
        return changed;
    }

    /** Less than a millisecond is not none. */
    private static int millis(Duration timeout) {
        return timeout.isZero() ? 0 : (int) Math.max(1, timeout.toMillis());
    }

    /** Returns those that are set. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("timeouts");
        append(text, " connect ", connect);
        append(text, " send ", send);
        append(text, " read ", read);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, @Nullable Duration value) {
        if (value != null) {
            text.append(name).append(value.isZero() ? "unlimited" : millis(value) + " ms");
        }
    }
}
