package io.lb4j.okhttp.sticky;

import io.lb4j.hash.ClientAddress;
import io.lb4j.okhttp.BearerClaim;
import io.lb4j.okhttp.InboundRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are known before the first answer, for {@link io.lb4j.okhttp.Service#withSession} with a
 * {@link SessionTable}, or for {@link io.lb4j.okhttp.Service#withKey} with a hash algorithm.
 *
 * <p>All functions are thread-safe and return null for a request that has no such session.
 *
 * <pre>{@code
 * LoadBalancer.builder(...).stickiness(SessionTable.create(), SessionFallback.REBIND)
 * Service.of(orders).withSession(SessionKeys.header("X-Customer"))
 * }</pre>
 */
public final class SessionKeys {
    private SessionKeys() {}

    /**
     * Returns a function that reads a header.
     *
     * @param name the name, in any case
     * @return gives the last value of the header
     */
    public static Function<Request, @Nullable String> header(String name) {
        Checks.token("name of the header", name);
        return request -> nonEmpty(request.header(name));
    }

    /**
     * Returns a function that reads a query parameter.
     *
     * @param name the name, decoded, case-sensitive
     * @return gives the first value of the parameter, decoded
     */
    public static Function<Request, @Nullable String> query(String name) {
        if (Checks.notNull("name of the parameter", name).isEmpty()) {
            throw Checks.bad("name of the parameter", name, "a name, for instance \"sid\"");
        }
        return request -> nonEmpty(request.url().queryParameter(name));
    }

    /**
     * Returns a function that reads a claim of the token in {@code Authorization: Bearer}. <b>The token is not verified</b>; see
     * {@link BearerClaim}.
     *
     * @param name the name of the claim, for instance {@code sub}
     * @return gives the value of the claim, a text or a number
     */
    public static Function<Request, @Nullable String> jwtClaim(String name) {
        return BearerClaim.of(name);
    }

    /**
     * Returns a function that reads the client's address from the request's {@link InboundRequest} tag.
     *
     * @return gives the address in the form of {@link ClientAddress}; null also if it is hidden
     */
    public static Function<Request, @Nullable String> clientAddress() {
        return InboundRequest::addressOf;
    }

    /**
     * Returns a function that reads the client's address from {@code X-Forwarded-For}.
     *
     * @param trustedHops at least 1: how many of the last entries were written by proxies that you trust. The first of these
     *     entries is the client; those before it are what the client says, so they do not count
     * @return gives the address in the form of {@link ClientAddress}; null also if there are fewer entries or it is none
     */
    public static Function<Request, @Nullable String> xForwardedFor(int trustedHops) {
        Checks.atLeastOne("trustedHops", trustedHops);
        return request -> address(entry(list(request, "X-Forwarded-For"), trustedHops));
    }

    /**
     * Returns a function that reads the client's address from {@code Forwarded}, RFC 7239.
     *
     * @param trustedHops as in {@link #xForwardedFor}
     * @return gives the address in the form of {@link ClientAddress}; null also if there are fewer entries or it is none
     */
    public static Function<Request, @Nullable String> forwarded(int trustedHops) {
        Checks.atLeastOne("trustedHops", trustedHops);
        return request -> {
            String element = entry(list(request, "Forwarded"), trustedHops);
            return element == null ? null : address(forOf(element));
        };
    }

    private static @Nullable String nonEmpty(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    // ------------------------------------------------------------------------------------------ forwarded

    /** The elements of a header that may come in several lines, the last first. */
    private static List<String> list(Request request, String header) {
        List<String> elements = new ArrayList<>();
        List<String> lines = request.headers(header);
        for (int i = lines.size() - 1; i >= 0; i--) {
            elements.addAll(split(lines.get(i), ','));
        }
        return elements;
    }

    /**
     * The parts of a text, the last first; separators in quotes do not count. It is read backwards, so that an open quote of the
     * client's does not reach what trusted proxies have written behind it.
     */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int end = text.length();
        for (int i = text.length() - 1; i >= 0; i--) {
            if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else if (text.charAt(i) == separator && !quoted) {
                parts.add(text.substring(i + 1, end).trim());
                end = i;
            }
        }
        parts.add(text.substring(0, end).trim());
        return parts;
    }

    private static @Nullable String entry(List<String> entries, int fromLast) {
        return entries.size() < fromLast ? null : entries.get(fromLast - 1);
    }

    private static @Nullable String forOf(String element) {
        for (String pair : split(element, ';')) {
            if (pair.toLowerCase(Locale.ROOT).startsWith("for=")) {
                return pair.substring(4).replace("\"", "");
            }
        }
        return null;
    }

    /** Without the port; null for what is no address: {@code unknown}, {@code _hidden}. */
    private static @Nullable String address(@Nullable String node) {
        if (node == null) {
            return null;
        }
        int bracket = node.indexOf(']');
        int colon = node.indexOf(':');
        String literal = node;
        if (bracket > 0) {
            literal = node.substring(0, bracket + 1);
        } else if (colon >= 0 && colon == node.lastIndexOf(':')) {
            literal = node.substring(0, colon);
        }
        try {
            return ClientAddress.whole(literal);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
