package io.lb4j.okhttp.routing;

import io.lb4j.hash.ClientAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A block of addresses, RFC 4632: {@code 10.0.0.0/8}, {@code 2001:db8::/32}; a single address is a block too. */
final class Cidr {
    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    static Cidr of(String text) {
        int slash = Checks.notNull("network", text).indexOf('/');
        byte[] network = configured(text, slash < 0 ? text : text.substring(0, slash));
        int all = network.length * 8;
        int bits = slash < 0 ? all : bits(text, text.substring(slash + 1), all);
        byte[] masked = network.clone();
        for (int bit = bits; bit < all; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        Cidr block = new Cidr(masked, bits);
        if (!Arrays.equals(masked, network)) {
            throw Checks.bad("network", text, "its first address, here " + block);
        }
        return block;
    }

    private static byte[] configured(String text, String address) {
        try {
            return octets(address);
        } catch (IllegalArgumentException e) {
            throw Checks.bad("network", text, "an IPv4 or IPv6 network, for instance 10.0.0.0/8 or 2001:db8::/32");
        }
    }

    private static int bits(String text, String digits, int most) {
        int bits = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
        if (bits < 0 || bits > most) {
            throw Checks.bad("network", text, "0 to " + most + " bits behind the slash");
        }
        return bits;
    }

    /**
     * The 4 or 16 octets of an address; 4 also for an IPv4-mapped IPv6 address. No name is looked up: what ClientAddress
     * returns is a literal.
     */
    static byte[] octets(String literal) {
        try {
            return InetAddress.getByName(ClientAddress.whole(literal)).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int left = bits % 8;
        return left == 0 || ((address[whole] ^ network[whole]) & 0xFF) >> (8 - left) == 0;
    }

    /** Returns the first address and the bits that count. */
    @Override
    public String toString() {
        try {
            return ClientAddress.whole(InetAddress.getByAddress(network)) + '/' + bits;
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
