package io.lb4j.hash;

import io.lb4j.HashKey;

/**
 * A hash function for text.
 *
 * <p>All functions here hash the UTF-8 form (unpaired surrogates as {@code ?}), allocate nothing for ASCII text and are
 * thread-safe. None is a protection: whoever may choose keys can make them collide. Algorithms read
 * {@link io.lb4j.RequestContext#hashKey()}, which is xxHash64 with seed 0 unless a context overrides it with another.
 */
@FunctionalInterface
public interface HashFunction {
    /**
     * Hashes text.
     *
     * @param text the text
     * @return the hash; 0 to 2^32 - 1 if the function has 32 bits
     */
    long hash(CharSequence text);

    /**
     * Returns xxHash64 (Yann Collet), the function of Envoy and gRPC.
     *
     * @param seed the seed; 0 is usual
     * @return a function of 64 bits
     */
    static HashFunction xxHash64(long seed) {
        return text -> HashKey.of(text, seed);
    }

    /**
     * Returns MurmurHash3 x86_32 (Austin Appleby), Guava's {@code murmur3_32_fixed}.
     *
     * @param seed the seed; 0 is usual
     * @return a function of 32 bits
     */
    static HashFunction murmur3x32(int seed) {
        return text -> Murmur3.x86(Octets.of(text), seed) & 0xFFFFFFFFL;
    }

    /**
     * Returns the first half of MurmurHash3 x64_128 (Austin Appleby), Guava's {@code murmur3_128} as a long.
     *
     * @param seed the seed; 0 is usual
     * @return a function of 64 bits
     */
    static HashFunction murmur3x128(int seed) {
        return text -> Murmur3.x64(Octets.of(text), seed);
    }

    /**
     * Returns CRC-32 (IEEE 802.3), the function of NGINX.
     *
     * @return a function of 32 bits
     */
    static HashFunction crc32() {
        return text -> Crc32.of(Octets.of(text)) & 0xFFFFFFFFL;
    }

    /**
     * Returns the first eight bytes of MD5 (RFC 1321), little-endian; the lower 32 bits are the hash of ketama.
     *
     * @return a function of 64 bits
     */
    static HashFunction md5() {
        return text -> Md5.low(Octets.of(text));
    }
}
