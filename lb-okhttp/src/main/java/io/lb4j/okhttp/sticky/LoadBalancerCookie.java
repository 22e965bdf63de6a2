package io.lb4j.okhttp.sticky;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.StickinessPolicy;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionAnswer;
import io.lb4j.okhttp.SessionTracking;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.Cookie;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A session cookie that this library sets itself: {@code SERVERID=server2}. Thread-safe; for one LoadBalancer.
 *
 * <p>It is set after the first success, and again when the session moves. It is kept in the client's {@link okhttp3.CookieJar}
 * under the name of the service, so it outlives a restart if the jar does; or it is handed on to a browser. A value that
 * names no node, for instance one that was tampered with, is no binding and no error.
 *
 * <pre>{@code
 * LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID").opaque(key).build();
 * LoadBalancer.builder(...).stickiness(cookie, SessionFallback.REBIND)
 * Service.of(orders).withSessions(cookie)
 * }</pre>
 */
public final class LoadBalancerCookie implements SessionTracking, StickinessPolicy {
    /** The cookie's values for one set of nodes, so that each is computed once. Immutable once made. */
    private record Index(NodeSet nodes, Map<String, Node> byValue, Map<String, String> byRoute) {}

    private final String name;
    private final String path;
    private final @Nullable Duration maxAge;
    private final boolean secure;
    private final boolean httpOnly;
    private final @Nullable SameSite sameSite;
    private final boolean handedOn;
    private final RouteValue value;
    /** Of the set looked at last; two threads may make it twice, which is harmless. */
    private volatile @Nullable Index index;

    private LoadBalancerCookie(Builder settings) {
        name = settings.name;
        path = settings.path;
        maxAge = settings.maxAge;
        secure = settings.secure;
        httpOnly = settings.httpOnly;
        sameSite = settings.sameSite;
        handedOn = settings.handedOn;
        value = settings.value;
    }

    /** When a browser sends a cookie along with requests that another site has caused. */
    public enum SameSite {
        /** Never. */
        STRICT("Strict"),
        /** When the user follows a link. */
        LAX("Lax"),
        /** Always; the cookie must be secure. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    /**
     * Returns a builder of a cookie.
     *
     * @param name the name, for instance {@code SERVERID}
     * @return a new builder
     */
    public static Builder builder(String name) {
        return new Builder(Checks.token("name of the cookie", name));
    }

    // ------------------------------------------------------------------------------------------ the request

    /** Returns the cookie's value. */
    @Override
    public @Nullable String session(Request request, CallCookies cookies) {
        List<String> found = handedOn ? cookies.headerValues(name) : cookies.values(name);
        return found.isEmpty() || found.get(0).isEmpty() ? null : found.get(0);
    }

    @Override
    public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
        Index known = index;
        if (known == null || known.nodes() != all) {
            known = indexOf(all);
            index = known;
        }
        return known.byValue().get(session);
    }

    private Index indexOf(NodeSet all) {
        Map<String, Node> byValue = new HashMap<>();
        Map<String, String> byRoute = new HashMap<>();
        for (Node node : all) {
            String route = node.endpoint().route();
            String text = valueOf(route);
            byValue.putIfAbsent(text, node);
            byRoute.put(route, text);
        }
        return new Index(all, byValue, byRoute);
    }

    private String valueOf(String route) {
        Index known = index;
        String text = known == null ? null : known.byRoute().get(route);
        return text == null ? value.of(route) : text;
    }

    /** Does nothing: the cookie is the binding. */
    @Override
    public void bind(String session, Node node, long nowNanos) {}

    // ------------------------------------------------------------------------------------------ the answer

    @Override
    public Response answered(SessionAnswer answer) {
        String wanted = valueOf(answer.node().endpoint().route());
        if (!answer.bound() || Objects.equals(wanted, answer.session())) {
            return answer.response();
        } else if (handedOn) {
            return answer.response()
                    .newBuilder()
                    .addHeader("Set-Cookie", setCookie(wanted))
                    .build();
        }
        answer.cookies().save(cookie(wanted, answer));
        return answer.response();
    }

    private Cookie cookie(String wanted, SessionAnswer answer) {
        Cookie.Builder cookie = new Cookie.Builder()
                .name(name)
                .value(wanted)
                .hostOnlyDomain(answer.request().url().host())
                .path(path);
        if (maxAge != null) {
            cookie.expiresAt(answer.response().receivedResponseAtMillis() + maxAge.toMillis());
        }
        if (secure) {
            cookie.secure();
        }
        if (httpOnly) {
            cookie.httpOnly();
        }
        if (sameSite != null) {
            cookie.sameSite(sameSite.text);
        }
        return cookie.build();
    }

    private String setCookie(String wanted) {
        return name
                + "="
                + wanted
                + "; Path="
                + path
                + (maxAge == null ? "" : "; Max-Age=" + maxAge.toSeconds())
                + (secure ? "; Secure" : "")
                + (httpOnly ? "; HttpOnly" : "")
                + (sameSite == null ? "" : "; SameSite=" + sameSite.text);
    }

    /** Settings of a {@link LoadBalancerCookie}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String path = "/";
        private @Nullable Duration maxAge;
        private boolean secure;
        private boolean httpOnly = true;
        private @Nullable SameSite sameSite;
        private boolean handedOn;
        private RouteValue value = RouteValue.PLAIN;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Sets below which path the cookie is valid.
         *
         * @param value begins with a slash; {@code /} by default
         * @return this
         */
        public Builder path(String value) {
            if (!Checks.notNull("path", value).startsWith("/")
                    || value.chars().anyMatch(c -> c == ';' || c <= ' ' || c > '~')) {
                throw Checks.bad("path", value, "a path without blanks and semicolons, for instance \"/shop\"");
            }
            path = value;
            return this;
        }

        /**
         * Sets how long the cookie is valid from when it is set; then the next request is balanced anew.
         *
         * @param value in whole seconds, 1 s to 400 days; by default until the jar or the browser ends its session
         * @return this
         */
        public Builder maxAge(Duration value) {
            if (Checks.positive("maxAge", value).toSeconds() < 1 || value.toDays() > 400) {
                throw Checks.bad("maxAge", value, "1 s to 400 days");
            }
            maxAge = value;
            return this;
        }

        /**
         * Sets whether the cookie is sent over TLS only.
         *
         * @param value false by default
         * @return this
         */
        public Builder secure(boolean value) {
            secure = value;
            return this;
        }

        /**
         * Sets whether the cookie is hidden from scripts in a browser.
         *
         * @param value true by default
         * @return this
         */
        public Builder httpOnly(boolean value) {
            httpOnly = value;
            return this;
        }

        /**
         * Sets when a browser sends the cookie with requests that another site has caused.
         *
         * @param value by default the browser decides; {@link SameSite#NONE} needs {@link #secure}
         * @return this
         */
        public Builder sameSite(SameSite value) {
            sameSite = Checks.notNull("sameSite", value);
            return this;
        }

        /**
         * Makes the value a code instead of the endpoint's route: its HMAC-SHA256, in base64url. Without the key nobody can
         * tell the endpoint or name another one. All processes that share cookies need the same key.
         *
         * @param key at least 16 bytes, better 32 from a {@link java.security.SecureRandom}; copied
         * @return this
         */
        public Builder opaque(byte[] key) {
            value = RouteValue.opaque(name, key);
            return this;
        }

        /**
         * Hands the cookie on instead of keeping it, for an application that is itself a gateway: the response gets a
         * {@code Set-Cookie} for the browser, and the cookie is looked for only in the request's own {@code Cookie} header.
         * So the client's jar, which all browsers would share, is left alone.
         *
         * @return this
         */
        public Builder handedOn() {
            handedOn = true;
            return this;
        }

        /**
         * Returns the cookie.
         *
         * @return a new cookie
         * @throws IllegalArgumentException if {@code SameSite=None} is not secure
         */
        public LoadBalancerCookie build() {
            if (sameSite == SameSite.NONE && !secure) {
                throw Checks.bad("secure", false, "true, because browsers refuse SameSite=None without it");
            }
            return new LoadBalancerCookie(this);
        }
    }
}
