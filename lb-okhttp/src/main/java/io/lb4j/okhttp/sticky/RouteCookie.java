package io.lb4j.okhttp.sticky;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.StickinessPolicy;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionTracking;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A session cookie of the application that names its node: {@code JSESSIONID=abc.node1}, or {@code ;jsessionid=abc.node1} in
 * the URL. Immutable.
 *
 * <p>The route is what follows the first separator, and names the node with that {@link io.lb4j.Endpoint#route()}. Nothing is
 * stored here: the application moves a session by a cookie with another route. A route that no node has is no binding.
 *
 * <p>As {@code stickysession} of Apache httpd, except: names in the URL are whole names; a path parameter ends with its path
 * segment; the URL is percent-decoded; quotes around the value of a cookie are no part of it; cookies are separated by
 * semicolons alone.
 *
 * <pre>{@code
 * RouteCookie cookie = RouteCookie.of("JSESSIONID|jsessionid");
 * LoadBalancer.builder(...).stickiness(cookie, SessionFallback.REBIND)
 * Service.of(orders).withSessions(cookie)
 * }</pre>
 */
public final class RouteCookie implements SessionTracking, StickinessPolicy {
    private final String cookie;
    private final String parameter;
    /** Empty = the whole value is the route. */
    private final String separator;

    private final boolean cookieFirst;
    private final boolean decoded;

    private RouteCookie(String cookie, String parameter, String separator, boolean cookieFirst, boolean decoded) {
        this.cookie = cookie;
        this.parameter = parameter;
        this.separator = separator;
        this.cookieFirst = cookieFirst;
        this.decoded = decoded;
    }

    /**
     * Returns the cookie of a name; the separator is a dot, and the URL is looked at first, as in Apache.
     *
     * @param names the name of the cookie, and after a {@code |} that of the path or query parameter if it is another:
     *     {@code JSESSIONID|jsessionid}; case-sensitive
     * @return the cookie
     */
    public static RouteCookie of(String names) {
        int bar = Checks.notNull("names", names).indexOf('|');
        String cookie = bar < 0 ? names : names.substring(0, bar);
        String parameter = bar < 0 ? names : names.substring(bar + 1);
        if (parameter.indexOf('|') >= 0) {
            throw Checks.bad("names", names, "a cookie and a parameter, for instance \"JSESSIONID|jsessionid\"");
        }
        return new RouteCookie(
                Checks.token("name of the cookie", cookie),
                Checks.token("name of the parameter", parameter),
                ".",
                false,
                false);
    }

    /**
     * Returns this with another separator.
     *
     * @param value a character that no session id has; a dot by default
     * @return a copy
     */
    public RouteCookie withSeparator(char value) {
        if (value <= ' ' || value > '~' || ";=,\"".indexOf(value) >= 0) {
            throw Checks.bad("separator", value, "a visible ASCII character other than ; = , and \"");
        }
        return new RouteCookie(cookie, parameter, String.valueOf(value), cookieFirst, decoded);
    }

    /**
     * Returns this with the whole value as the route.
     *
     * @return a copy
     */
    public RouteCookie withoutSeparator() {
        return new RouteCookie(cookie, parameter, "", cookieFirst, decoded);
    }

    /**
     * Returns this with the cookie looked at before the URL.
     *
     * @return a copy
     */
    public RouteCookie withCookieFirst() {
        return new RouteCookie(cookie, parameter, separator, true, decoded);
    }

    /**
     * Returns this with percent-decoding of the cookie's value; the URL is always decoded.
     *
     * @return a copy
     */
    public RouteCookie withUrlDecoding() {
        return new RouteCookie(cookie, parameter, separator, cookieFirst, true);
    }

    // ------------------------------------------------------------------------------------------ reading

    /** Returns the route. */
    @Override
    public @Nullable String session(Request request, CallCookies cookies) {
        String first = cookieFirst ? ofCookie(cookies) : ofUrl(request.url());
        if (first != null) {
            return first;
        }
        return cookieFirst ? ofUrl(request.url()) : ofCookie(cookies);
    }

    private @Nullable String ofCookie(CallCookies cookies) {
        for (String value : cookies.values(cookie)) {
            String route = route(decoded ? decoded(value) : value);
            if (route != null) {
                return route;
            }
        }
        return null;
    }

    private @Nullable String ofUrl(HttpUrl url) {
        String route = ofPath(url.encodedPath());
        return route != null || url.querySize() == 0 ? route : ofQuery(url);
    }

    private @Nullable String ofPath(String path) {
        for (int at = path.indexOf(';'); at >= 0; at = path.indexOf(';', at + 1)) {
            int end = endOfParameter(path, at + 1);
            int equals = path.indexOf('=', at);
            if (equals >= 0
                    && equals < end
                    && decoded(path.substring(at + 1, equals)).equals(parameter)) {
                String route = route(decoded(path.substring(equals + 1, end)));
                if (route != null) {
                    return route;
                }
            }
        }
        return null;
    }

    private static int endOfParameter(String path, int from) {
        int end = from;
        while (end < path.length() && ";/&".indexOf(path.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private @Nullable String ofQuery(HttpUrl url) {
        for (String value : url.queryParameterValues(parameter)) {
            String route = value == null ? null : route(value);
            if (route != null) {
                return route;
            }
        }
        return null;
    }

    private @Nullable String route(String value) {
        int at = value.indexOf(separator);
        String route = at < 0 ? "" : value.substring(at + separator.length());
        return route.isEmpty() ? null : route;
    }

    /** What is badly encoded stays as it is. */
    private static String decoded(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    // ------------------------------------------------------------------------------------------ finding the node

    @Override
    public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
        return all.findByRoute(session);
    }

    /** Does nothing: the application's cookie is the binding. */
    @Override
    public void bind(String session, Node node, long nowNanos) {}
}
