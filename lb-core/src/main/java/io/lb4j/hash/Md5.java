package io.lb4j.hash;

/**
 * MD5 (RFC 1321) on local variables: allocates nothing, and is there where a security provider leaves MD5 out.
 *
 * <p>To place keys, not to protect anything.
 */
final class Md5 {
    private Md5() {}

    /** Bytes 0 to 7 of the digest, little-endian. */
    static long low(CharSequence octets) {
        return half(octets, false);
    }

    /** Bytes 8 to 15 of the digest, little-endian. */
    static long high(CharSequence octets) {
        return half(octets, true);
    }

    /** Long, because arrays would have to be allocated and steps in a loop take twice the time. */
    private static long half(CharSequence octets, boolean upper) {
        int end = ((octets.length() + 8) & ~63) + 64;
        int a0 = 0x67452301;
        int b0 = 0xefcdab89;
        int c0 = 0x98badcfe;
        int d0 = 0x10325476;
        for (int block = 0; block < end; block += 64) {
            int a = a0;
            int b = b0;
            int c = c0;
            int d = d0;
            int w0 = word(octets, block + 0, end);
            int w1 = word(octets, block + 4, end);
            int w2 = word(octets, block + 8, end);
            int w3 = word(octets, block + 12, end);
            int w4 = word(octets, block + 16, end);
            int w5 = word(octets, block + 20, end);
            int w6 = word(octets, block + 24, end);
            int w7 = word(octets, block + 28, end);
            int w8 = word(octets, block + 32, end);
            int w9 = word(octets, block + 36, end);
            int w10 = word(octets, block + 40, end);
            int w11 = word(octets, block + 44, end);
            int w12 = word(octets, block + 48, end);
            int w13 = word(octets, block + 52, end);
            int w14 = word(octets, block + 56, end);
            int w15 = word(octets, block + 60, end);

            a = round1(a, b, c, d, w0 + 0xd76aa478, 7);
            d = round1(d, a, b, c, w1 + 0xe8c7b756, 12);
            c = round1(c, d, a, b, w2 + 0x242070db, 17);
            b = round1(b, c, d, a, w3 + 0xc1bdceee, 22);
            a = round1(a, b, c, d, w4 + 0xf57c0faf, 7);
            d = round1(d, a, b, c, w5 + 0x4787c62a, 12);
            c = round1(c, d, a, b, w6 + 0xa8304613, 17);
            b = round1(b, c, d, a, w7 + 0xfd469501, 22);
            a = round1(a, b, c, d, w8 + 0x698098d8, 7);
            d = round1(d, a, b, c, w9 + 0x8b44f7af, 12);
            c = round1(c, d, a, b, w10 + 0xffff5bb1, 17);
            b = round1(b, c, d, a, w11 + 0x895cd7be, 22);
            a = round1(a, b, c, d, w12 + 0x6b901122, 7);
            d = round1(d, a, b, c, w13 + 0xfd987193, 12);
            c = round1(c, d, a, b, w14 + 0xa679438e, 17);
            b = round1(b, c, d, a, w15 + 0x49b40821, 22);
            a = round2(a, b, c, d, w1 + 0xf61e2562, 5);
            d = round2(d, a, b, c, w6 + 0xc040b340, 9);
            c = round2(c, d, a, b, w11 + 0x265e5a51, 14);
            b = round2(b, c, d, a, w0 + 0xe9b6c7aa, 20);
            a = round2(a, b, c, d, w5 + 0xd62f105d, 5);
            d = round2(d, a, b, c, w10 + 0x02441453, 9);
            c = round2(c, d, a, b, w15 + 0xd8a1e681, 14);
            b = round2(b, c, d, a, w4 + 0xe7d3fbc8, 20);
            a = round2(a, b, c, d, w9 + 0x21e1cde6, 5);
            d = round2(d, a, b, c, w14 + 0xc33707d6, 9);
            c = round2(c, d, a, b, w3 + 0xf4d50d87, 14);
            b = round2(b, c, d, a, w8 + 0x455a14ed, 20);
            a = round2(a, b, c, d, w13 + 0xa9e3e905, 5);
            d = round2(d, a, b, c, w2 + 0xfcefa3f8, 9);
            c = round2(c, d, a, b, w7 + 0x676f02d9, 14);
            b = round2(b, c, d, a, w12 + 0x8d2a4c8a, 20);
            a = round3(a, b, c, d, w5 + 0xfffa3942, 4);
            d = round3(d, a, b, c, w8 + 0x8771f681, 11);
            c = round3(c, d, a, b, w11 + 0x6d9d6122, 16);
            b = round3(b, c, d, a, w14 + 0xfde5380c, 23);
            a = round3(a, b, c, d, w1 + 0xa4beea44, 4);
            d = round3(d, a, b, c, w4 + 0x4bdecfa9, 11);
            c = round3(c, d, a, b, w7 + 0xf6bb4b60, 16);
            b = round3(b, c, d, a, w10 + 0xbebfbc70, 23);
            a = round3(a, b, c, d, w13 + 0x289b7ec6, 4);
            d = round3(d, a, b, c, w0 + 0xeaa127fa, 11);
            c = round3(c, d, a, b, w3 + 0xd4ef3085, 16);
            b = round3(b, c, d, a, w6 + 0x04881d05, 23);
            a = round3(a, b, c, d, w9 + 0xd9d4d039, 4);
            d = round3(d, a, b, c, w12 + 0xe6db99e5, 11);
            c = round3(c, d, a, b, w15 + 0x1fa27cf8, 16);
            b = round3(b, c, d, a, w2 + 0xc4ac5665, 23);
            a = round4(a, b, c, d, w0 + 0xf4292244, 6);
            d = round4(d, a, b, c, w7 + 0x432aff97, 10);
            c = round4(c, d, a, b, w14 + 0xab9423a7, 15);
            b = round4(b, c, d, a, w5 + 0xfc93a039, 21);
            a = round4(a, b, c, d, w12 + 0x655b59c3, 6);
            d = round4(d, a, b, c, w3 + 0x8f0ccc92, 10);
            c = round4(c, d, a, b, w10 + 0xffeff47d, 15);
            b = round4(b, c, d, a, w1 + 0x85845dd1, 21);
            a = round4(a, b, c, d, w8 + 0x6fa87e4f, 6);
            d = round4(d, a, b, c, w15 + 0xfe2ce6e0, 10);
            c = round4(c, d, a, b, w6 + 0xa3014314, 15);
            b = round4(b, c, d, a, w13 + 0x4e0811a1, 21);
            a = round4(a, b, c, d, w4 + 0xf7537e82, 6);
            d = round4(d, a, b, c, w11 + 0xbd3af235, 10);
            c = round4(c, d, a, b, w2 + 0x2ad7d2bb, 15);
            b = round4(b, c, d, a, w9 + 0xeb86d391, 21);
            a0 += a;
            b0 += b;
            c0 += c;
            d0 += d;
        }
        return upper ? join(c0, d0) : join(a0, b0);
    }

    private static long join(int low, int high) {
        return (low & 0xFFFFFFFFL) | (long) high << 32;
    }

    /** Four bytes of the padded text: the text, 0x80, zeros, and the length in bits as the last eight bytes. */
    private static int word(CharSequence octets, int at, int end) {
        int length = octets.length();
        if (at + 4 <= length) {
            return Octets.intAt(octets, at);
        } else if (at > length) {
            return at == end - 8 ? length << 3 : at == end - 4 ? length >>> 29 : 0;
        }
        int word = 0x80;
        for (int i = length - 1; i >= at; i--) {
            word = word << 8 | octets.charAt(i);
        }
        return word;
    }

    private static int round1(int a, int b, int c, int d, int term, int shift) {
        return b + Integer.rotateLeft(a + ((b & c) | (~b & d)) + term, shift);
    }

    private static int round2(int a, int b, int c, int d, int term, int shift) {
        return b + Integer.rotateLeft(a + ((b & d) | (c & ~d)) + term, shift);
    }

    private static int round3(int a, int b, int c, int d, int term, int shift) {
        return b + Integer.rotateLeft(a + (b ^ c ^ d) + term, shift);
    }

    private static int round4(int a, int b, int c, int d, int term, int shift) {
        return b + Integer.rotateLeft(a + (c ^ (b | ~d)) + term, shift);
    }
}
