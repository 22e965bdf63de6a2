package io.lb4j.hash;

/** MurmurHash3 (Austin Appleby), the variants x86_32 and x64_128. */
final class Murmur3 {
    private static final int A1 = 0xcc9e2d51;
    private static final int A2 = 0x1b873593;
    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;

    private Murmur3() {}

    static int x86(CharSequence octets, int seed) {
        int length = octets.length();
        int blocks = length & ~3;
        int hash = seed;
        for (int at = 0; at < blocks; at += 4) {
            hash = Integer.rotateLeft(hash ^ scramble(Octets.intAt(octets, at)), 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int at = length - 1; at >= blocks; at--) {
            tail = tail << 8 | octets.charAt(at);
        }
        return finish((hash ^ scramble(tail)) ^ length);
    }

    private static int scramble(int block) {
        return Integer.rotateLeft(block * A1, 15) * A2;
    }

    private static int finish(int hash) {
        int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    /** The first 64 of the 128 bits. */
    static long x64(CharSequence octets, int seed) {
        int length = octets.length();
        int blocks = length & ~15;
        long h1 = seed & 0xFFFFFFFFL;
        long h2 = h1;
        for (int at = 0; at < blocks; at += 16) {
            h1 = (Long.rotateLeft(h1 ^ scramble1(Octets.longAt(octets, at)), 27) + h2) * 5 + 0x52dce729;
            h2 = (Long.rotateLeft(h2 ^ scramble2(Octets.longAt(octets, at + 8)), 31) + h1) * 5 + 0x38495ab5;
        }
        h1 ^= scramble1(tail(octets, blocks, Math.min(length, blocks + 8))) ^ length;
        h2 ^= scramble2(tail(octets, Math.min(length, blocks + 8), length)) ^ length;
        h1 += h2;
        h2 += h1;
        return finish(h1) + finish(h2);
    }

    private static long tail(CharSequence octets, int from, int to) {
        long tail = 0;
        for (int at = to - 1; at >= from; at--) {
            tail = tail << 8 | octets.charAt(at);
        }
        return tail;
    }

    private static long scramble1(long block) {
        return Long.rotateLeft(block * C1, 31) * C2;
    }

    private static long scramble2(long block) {
        return Long.rotateLeft(block * C2, 33) * C1;
    }

    private static long finish(long hash) {
        long h = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
