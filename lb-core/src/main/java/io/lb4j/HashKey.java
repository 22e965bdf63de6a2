package io.lb4j;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * 64-bit keys for consistent hashing, from text, bytes, numbers and addresses.
 *
 * <p>Text and bytes are hashed with xxHash64 (Yann Collet), seed 0, over UTF-8: the same as Envoy and gRPC, so clients
 * in different languages agree. ASCII text is hashed without allocation.
 */
public final class HashKey {
    private HashKey() {}

    /**
     * Hashes text.
     *
     * @param text any text; unpaired surrogates are hashed as {@code ?}
     * @return xxHash64 of its UTF-8 form, seed 0
     */
    public static long of(CharSequence text) {
        return of(text, 0);
    }

    /**
     * Hashes text.
     *
     * @param text any text; unpaired surrogates are hashed as {@code ?}
     * @param seed the seed
     * @return xxHash64 of its UTF-8 form
     */
    public static long of(CharSequence text, long seed) {
        return isAscii(text)
                ? XxHash64.hashAscii(text, seed)
                : of(text.toString().getBytes(StandardCharsets.UTF_8), seed);
    }

    /**
     * Hashes bytes.
     *
     * @param bytes any bytes
     * @return their xxHash64, seed 0
     */
    public static long of(byte[] bytes) {
        return of(bytes, 0);
    }

    /**
     * Hashes bytes.
     *
     * @param bytes any bytes
     * @param seed the seed
     * @return their xxHash64
     */
    public static long of(byte[] bytes, long seed) {
        return XxHash64.hash(bytes, 0, bytes.length, seed);
    }

    /**
     * Mixes a number so that neighbours land far apart: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
     *
     * @param number any number
     * @return the mixed number; different for different numbers
     */
    public static long of(long number) {
        long z = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /**
     * Hashes an IP address; an IPv4-mapped IPv6 address is the same client as the IPv4 address.
     *
     * @param address the address, resolved
     * @return xxHash64 of its 4 or 16 bytes
     */
    public static long of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address || !isMapped(bytes)
                ? XxHash64.hash(bytes, 0, bytes.length, 0)
                : XxHash64.hash(bytes, 12, 4, 0);
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    private static boolean isAscii(CharSequence text) {
        int seen = 0;
        for (int i = 0; i < text.length(); i++) {
            seen |= text.charAt(i);
        }
        return seen < 0x80;
    }
}
