package io.lb4j.okhttp;

import io.lb4j.hash.ClientAddress;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The request that a gateway was sent and makes this one for: by whom, and what it asked for. Immutable. A tag of the request,
 * read by {@link RequestHeaders} and by functions for sessions, keys and rules:
 *
 * <pre>{@code
 * InboundRequest inbound = InboundRequest.from(socket.getInetAddress()).withScheme("https").withHost("shop.example");
 * request.newBuilder().tag(InboundRequest.class, inbound).build()
 * }</pre>
 */
public final class InboundRequest {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,30}");
    /** What a Host header may be (RFC 3986: reg-name, IPv4 or IPv6 address, port), and no longer than DNS allows. */
    private static final Pattern HOST =
            Pattern.compile("(?:\\[[0-9a-fA-F:.]{2,45}]|[A-Za-z0-9._~!$&'()*+%-]{1,255})(?::[0-9]{1,5})?");

    private final ForwardedNode client;
    private final @Nullable String scheme;
    private final @Nullable String host;

    private InboundRequest(ForwardedNode client, @Nullable String scheme, @Nullable String host) {
        this.client = client;
        this.scheme = scheme;
        this.host = host;
    }

    /**
     * Returns a request of the client with an address.
     *
     * @param address an IPv4 or IPv6 address as text, the latter with or without brackets; names are not looked up
     * @return the request
     * @throws IllegalArgumentException if it is not an address
     */
    public static InboundRequest from(String address) {
        return new InboundRequest(ForwardedNode.ofAddress(Checks.notNull("address", address)), null, null);
    }

    /**
     * Returns a request of the client with an address.
     *
     * @param address that of the other end of the connection
     * @return the request
     */
    public static InboundRequest from(InetAddress address) {
        return from(ClientAddress.whole(Checks.notNull("address", address)));
    }

    /**
     * Returns a request of a client that is not to be known further on: RFC 7239, section 6.3.
     *
     * @param name an underscore, then letters, digits, dots, underscores and hyphens, for instance {@code _SEVKISEK}; or
     *     {@code unknown}
     * @return the request; it has no {@link #address()}
     */
    public static InboundRequest obfuscated(String name) {
        ForwardedNode node = ForwardedNode.parse(Checks.notNull("name", name));
        if (node.address() != null) {
            throw Checks.bad("name", name, "no address, but a name that begins with an underscore: \"_client\"");
        }
        return new InboundRequest(node, null, null);
    }

    /**
     * Returns this with the client's port.
     *
     * @param value 1 to 65535
     * @return a copy
     */
    public InboundRequest withPort(int value) {
        return new InboundRequest(client.withPort(value), scheme, host);
    }

    /**
     * Returns this with the scheme that the client used.
     *
     * @param value {@code http} or {@code https}, in any case
     * @return a copy
     */
    public InboundRequest withScheme(String value) {
        String lower = Checks.notNull("scheme", value).toLowerCase(Locale.ROOT);
        if (!SCHEME.matcher(lower).matches()) {
            throw Checks.bad("scheme", value, "http or https");
        }
        return new InboundRequest(client, lower, host);
    }

    /**
     * Returns this with the {@code Host} header, or {@code :authority}, that the client sent.
     *
     * @param value a host, perhaps with a port
     * @return a copy
     * @throws IllegalArgumentException if it cannot be one; such a request is best answered with 400
     */
    public InboundRequest withHost(String value) {
        if (!HOST.matcher(Checks.notNull("host", value)).matches()) {
            throw Checks.bad("host", value, "a host, perhaps with a port, for instance \"shop.example:8443\"");
        }
        return new InboundRequest(client, scheme, value);
    }

    /**
     * Returns the client's address.
     *
     * @return in the form of {@link ClientAddress#whole(String)}; null if it is hidden or not known
     */
    public @Nullable String address() {
        return client.address();
    }

    /**
     * Returns the scheme.
     *
     * @return in lower case, null if not set
     */
    public @Nullable String scheme() {
        return scheme;
    }

    /**
     * Returns the host.
     *
     * @return perhaps with a port, null if not set
     */
    public @Nullable String host() {
        return host;
    }

    /**
     * Returns the address of the client that a request is made for.
     *
     * @param request the request
     * @return that of its tag; null if it has none, or one without an address
     */
    public static @Nullable String addressOf(Request request) {
        InboundRequest inbound = request.tag(InboundRequest.class);
        return inbound == null ? null : inbound.address();
    }

    /** Who it is, for the header {@code Forwarded}. */
    ForwardedNode client() {
        return client;
    }

    /** Returns what an element of {@code Forwarded} (RFC 7239) would be. */
    @Override
    public String toString() {
        return ForwardedHeaders.element(this, null);
    }
}
