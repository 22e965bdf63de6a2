package io.lb4j.okhttp.routing;

import io.lb4j.HashKey;
import io.lb4j.okhttp.CallBody;
import io.lb4j.okhttp.CallCookies;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What a {@link Condition} may look at: one request, and what is known of its client. Confined to the thread of the call. */
public final class RoutingContext {
    private final Request request;
    private final String path;
    private final CallCookies cookies;
    private final CallBody body;
    private final Function<? super Request, @Nullable String> clientAddress;
    private final long seed;
    /** Of the rule that is asked now. */
    private long ruleSalt;
    /** Read when first needed. */
    private byte @Nullable [] client;

    RoutingContext(
            Request request,
            String path,
            CallCookies cookies,
            CallBody body,
            Function<? super Request, @Nullable String> clientAddress,
            long seed) {
        this.request = request;
        this.path = path;
        this.cookies = cookies;
        this.body = body;
        this.clientAddress = clientAddress;
        this.seed = seed;
    }

    /**
     * Returns the request.
     *
     * @return as the caller has made it
     */
    public Request request() {
        return request;
    }

    /**
     * Returns the path in the form in which rules compare it.
     *
     * @return escapes that are not needed decoded, without empty segments and path parameters
     */
    public String path() {
        return path;
    }

    /**
     * Returns the cookies.
     *
     * @return those of the client's jar, and of the request's header
     */
    public CallCookies cookies() {
        return cookies;
    }

    /**
     * Returns the body.
     *
     * @return what can be said of it without consuming it
     */
    public CallBody body() {
        return body;
    }

    /** The address of the client on whose behalf the request is made, 4 or 16 octets; empty if it is not known. */
    byte[] client() {
        byte[] known = client;
        if (known == null) {
            known = readClient();
            client = known;
        }
        return known;
    }

    private byte[] readClient() {
        String address = clientAddress.apply(request);
        try {
            return address == null ? new byte[0] : Cidr.octets(address);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Tells the context which rule is asked. */
    void asks(long salt) {
        ruleSalt = salt;
    }

    /** A share of all calls, or of all keys; each rule draws for itself. */
    boolean isAmong(double share, @Nullable String key) {
        return fraction(key == null ? HashKey.of("share", seed ^ ruleSalt) : HashKey.of(key, ruleSalt)) < share;
    }

    /**
     * A number between 0 and 1 that looks random: for a key always the same, without a key the same for one call.
     *
     * @param salt makes it independent of other numbers
     */
    double draw(long salt, @Nullable String key) {
        return fraction(key == null ? HashKey.of("draw", seed ^ salt) : HashKey.of(key, salt));
    }

    private static double fraction(long hash) {
        return ((hash >>> 11) + 0.5) * 0x1.0p-53;
    }
}
