package io.lb4j.hash;

import java.net.InetAddress;

/**
 * Keys from the address of the client on whose behalf a request is made, so that its requests stay on one node: the "IP
 * hash" of other load balancers.
 *
 * <p>The keys are text, as NGINX and Envoy write addresses (RFC 5952), so every algorithm takes them and agrees with the
 * server of the same name: {@code RequestContext.ofKey(ClientAddress.whole(remoteAddress))}. An IPv4-mapped IPv6 address
 * is the same client as the IPv4 address; zones ({@code %eth0}) are left out.
 */
public final class ClientAddress {
    private static final int IPV4_NETWORK = 3;
    private static final int IPV6_NETWORK = 8;

    private ClientAddress() {}

    /**
     * Returns a key of the whole address.
     *
     * @param address an address
     * @return for instance {@code 203.0.113.9} or {@code 2001:db8::1}
     */
    public static String whole(InetAddress address) {
        return text(IpLiteral.unmapped(address.getAddress()));
    }

    /**
     * Returns a key of the whole address.
     *
     * @param literal an IPv4 or IPv6 address as text, the latter with or without brackets; names are not looked up
     * @return for instance {@code 203.0.113.9} or {@code 2001:db8::1}
     * @throws IllegalArgumentException if it is not an address
     */
    public static String whole(String literal) {
        return text(IpLiteral.parse(literal));
    }

    /**
     * Returns a key of the network that the address belongs to, for clients whose address changes within it: /24 as
     * NGINX's {@code ip_hash} has it, /64 for IPv6 (NGINX takes all of it).
     *
     * @param address an address
     * @return for instance {@code 203.0.113.0/24} or {@code 2001:db8::/64}
     */
    public static String network(InetAddress address) {
        return networkOf(IpLiteral.unmapped(address.getAddress()));
    }

    /**
     * Returns a key of the network that the address belongs to; see {@link #network(InetAddress)}.
     *
     * @param literal an IPv4 or IPv6 address as text, the latter with or without brackets; names are not looked up
     * @return for instance {@code 203.0.113.0/24} or {@code 2001:db8::/64}
     * @throws IllegalArgumentException if it is not an address
     */
    public static String network(String literal) {
        return networkOf(IpLiteral.parse(literal));
    }

    private static String networkOf(byte[] address) {
        int kept = address.length == 4 ? IPV4_NETWORK : IPV6_NETWORK;
        byte[] network = new byte[address.length];
        System.arraycopy(address, 0, network, 0, kept);
        return text(network) + "/" + kept * 8;
    }

    private static String text(byte[] address) {
        return IpLiteral.format(address);
    }
}
