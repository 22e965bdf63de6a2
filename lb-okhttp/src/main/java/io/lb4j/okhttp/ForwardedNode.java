package io.lb4j.okhttp;

import io.lb4j.hash.ClientAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in a request, as RFC 7239, section 6, writes it. Immutable.
 *
 * @param name an IP address as {@link ClientAddress} writes it, {@code unknown}, or a name that begins with an underscore and
 *     hides who it is
 * @param port 0 = not known
 */
record ForwardedNode(String name, int port) {
    static final ForwardedNode UNKNOWN = new ForwardedNode("unknown", 0);

    private static final Pattern OBFUSCATED = Pattern.compile("_[A-Za-z0-9._-]{1,254}");

    static ForwardedNode ofAddress(String literal) {
        return new ForwardedNode(ClientAddress.whole(literal), 0);
    }

    /** Of {@code 192.0.2.60}, {@code 2001:db8::1}, {@code _gateway-1} or {@code unknown}. */
    static ForwardedNode parse(String text) {
        if (OBFUSCATED.matcher(text).matches()) {
            return new ForwardedNode(text, 0);
        } else if (text.equals(UNKNOWN.name)) {
            return UNKNOWN;
        }
        try {
            return ofAddress(text);
        } catch (IllegalArgumentException e) {
            throw Checks.bad("node", text, "an IP address, or a name that begins with an underscore: \"_gateway-1\"");
        }
    }

    ForwardedNode withPort(int value) {
        return new ForwardedNode(name, Checks.range("port", value, 1, 65_535));
    }

    private boolean isHidden() {
        return name.startsWith("_") || name.equals(UNKNOWN.name);
    }

    /** The IP address, null if it is not known or hidden. */
    @Nullable
    String address() {
        return isHidden() ? null : name;
    }

    /** As the value of a parameter: in quotes if it has characters that no token has. */
    @Override
    public String toString() {
        boolean ipv6 = name.indexOf(':') >= 0;
        String host = ipv6 ? '[' + name + ']' : name;
        String text = port == 0 ? host : host + ':' + port;
        return ipv6 || port != 0 ? '"' + text + '"' : text;
    }
}
