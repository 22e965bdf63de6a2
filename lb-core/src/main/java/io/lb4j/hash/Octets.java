package io.lb4j.hash;

import java.nio.charset.StandardCharsets;

/** Text as the bytes of its UTF-8 form, one in each char: ASCII text is that already. */
final class Octets {
    private Octets() {}

    /** Allocates nothing for ASCII text; unpaired surrogates become {@code ?}. */
    static CharSequence of(CharSequence text) {
        int seen = 0;
        for (int i = 0; i < text.length(); i++) {
            seen |= text.charAt(i);
        }
        return seen < 0x80
                ? text
                : new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static int intAt(CharSequence octets, int at) {
        return octets.charAt(at)
                | octets.charAt(at + 1) << 8
                | octets.charAt(at + 2) << 16
                | octets.charAt(at + 3) << 24;
    }

    static long longAt(CharSequence octets, int at) {
        return (intAt(octets, at) & 0xFFFFFFFFL) | (long) intAt(octets, at + 4) << 32;
    }
}
