package io.lb4j;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The written form of an endpoint's address, taken apart. */
record EndpointText(@Nullable String scheme, String host, int port) {
    private static final String EXPECTED = "host:port, [IPv6]:port or scheme://host:port";

    static EndpointText parse(String text) {
        String rest = Checks.notNull("endpoint", text).strip();
        String scheme = null;
        int separator = rest.indexOf("://");
        if (separator >= 0) {
            scheme = scheme(rest.substring(0, separator));
            rest = rest.substring(separator + 3);
            if (rest.endsWith("/")) {
                rest = rest.substring(0, rest.length() - 1);
            }
        }
        int colon = rest.lastIndexOf(':');
        boolean bracketed = rest.startsWith("[");
        if (colon <= rest.lastIndexOf(']') || (!bracketed && rest.indexOf(':') != colon)) {
            if (scheme == null || (!bracketed && colon >= 0)) {
                throw Checks.bad("endpoint", text, EXPECTED);
            }
            return new EndpointText(scheme, host(rest), impliedPort(text, scheme));
        }
        return new EndpointText(scheme, host(rest.substring(0, colon)), port(text, rest.substring(colon + 1)));
    }

    static String format(String host, int port) {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    static String scheme(String value) {
        if (!value.matches("[A-Za-z][A-Za-z0-9+.-]*")) {
            throw Checks.bad("scheme", value, "for instance http or https");
        }
        return value.toLowerCase(Locale.ROOT);
    }

    /** Takes the brackets off an IPv6 address and refuses what cannot be a host. */
    static String host(String value) {
        String host = Checks.notBlank("host", value);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw Checks.bad("host", value, "an IPv6 address between the brackets");
            }
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c == 0x7f || "/?#@[]\\".indexOf(c) >= 0) {
                throw Checks.bad("host", value, "a name or an IP address");
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static int impliedPort(String text, String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> throw Checks.bad("endpoint", text, "a port, because " + scheme + " has no well-known one");
        };
    }

    private static int port(String text, String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw Checks.bad("endpoint", text, EXPECTED);
        }
        return Checks.range("port", Integer.parseInt(digits), 1, 65_535);
    }
}
