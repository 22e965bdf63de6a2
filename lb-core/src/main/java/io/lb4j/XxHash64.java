package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * xxHash64, as specified in the {@code doc/xxhash_spec.md} of the xxHash project.
 *
 * <p>Bytes and ASCII text share the arithmetic; they differ in how eight or four of them are read as a number.
 */
final class XxHash64 {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    static long hash(byte[] bytes, int offset, int length, long seed) {
        int at = offset;
        int end = offset + length;
        long hash = seed + P5;
        if (length >= 32) {
            long v1 = seed + P1 + P2;
            long v2 = seed + P2;
            long v3 = seed;
            long v4 = seed - P1;
            for (; at <= end - 32; at += 32) {
                v1 = round(v1, (long) LONGS.get(bytes, at));
                v2 = round(v2, (long) LONGS.get(bytes, at + 8));
                v3 = round(v3, (long) LONGS.get(bytes, at + 16));
                v4 = round(v4, (long) LONGS.get(bytes, at + 24));
            }
            hash = merge(v1, v2, v3, v4);
        }
        hash += length;
        for (; at <= end - 8; at += 8) {
            hash = mixLong(hash, (long) LONGS.get(bytes, at));
        }
        if (at <= end - 4) {
            hash = mixInt(hash, (int) INTS.get(bytes, at));
            at += 4;
        }
        for (; at < end; at++) {
            hash = mixByte(hash, bytes[at]);
        }
        return avalanche(hash);
    }

    /** Every char must be below 0x80. */
    static long hashAscii(CharSequence text, long seed) {
        int at = 0;
        int end = text.length();
        long hash = seed + P5;
        if (end >= 32) {
            long v1 = seed + P1 + P2;
            long v2 = seed + P2;
            long v3 = seed;
            long v4 = seed - P1;
            for (; at <= end - 32; at += 32) {
                v1 = round(v1, longAt(text, at));
                v2 = round(v2, longAt(text, at + 8));
                v3 = round(v3, longAt(text, at + 16));
                v4 = round(v4, longAt(text, at + 24));
            }
            hash = merge(v1, v2, v3, v4);
        }
        hash += end;
        for (; at <= end - 8; at += 8) {
            hash = mixLong(hash, longAt(text, at));
        }
        if (at <= end - 4) {
            hash = mixInt(hash, intAt(text, at));
            at += 4;
        }
        for (; at < end; at++) {
            hash = mixByte(hash, (byte) text.charAt(at));
        }
        return avalanche(hash);
    }

    private static long longAt(CharSequence text, int at) {
        return (intAt(text, at) & 0xFFFFFFFFL) | (long) intAt(text, at + 4) << 32;
    }

    private static int intAt(CharSequence text, int at) {
        return text.charAt(at) | text.charAt(at + 1) << 8 | text.charAt(at + 2) << 16 | text.charAt(at + 3) << 24;
    }

    private static long round(long accumulator, long input) {
        return Long.rotateLeft(accumulator + input * P2, 31) * P1;
    }

    private static long merge(long v1, long v2, long v3, long v4) {
        long hash = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
        hash = (hash ^ round(0, v1)) * P1 + P4;
        hash = (hash ^ round(0, v2)) * P1 + P4;
        hash = (hash ^ round(0, v3)) * P1 + P4;
        return (hash ^ round(0, v4)) * P1 + P4;
    }

    private static long mixLong(long hash, long input) {
        return Long.rotateLeft(hash ^ round(0, input), 27) * P1 + P4;
    }

    private static long mixInt(long hash, int input) {
        return Long.rotateLeft(hash ^ (input & 0xFFFFFFFFL) * P1, 23) * P2 + P3;
    }

    private static long mixByte(long hash, byte input) {
        return Long.rotateLeft(hash ^ (input & 0xFFL) * P5, 11) * P1;
    }

    private static long avalanche(long hash) {
        long z = (hash ^ (hash >>> 33)) * P2;
        z = (z ^ (z >>> 29)) * P3;
        return z ^ (z >>> 32);
    }
}
