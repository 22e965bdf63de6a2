package io.lb4j.hash;

/** CRC-32 as in {@link java.util.zip.CRC32}, which needs an object for each value: this one is arithmetic on an int. */
final class Crc32 {
    private static final int[] TABLE = table();

    private Crc32() {}

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (0xEDB88320 & -(crc & 1));
            }
            table[i] = crc;
        }
        return table;
    }

    static int of(CharSequence octets) {
        return finish(update(begin(), octets));
    }

    static int begin() {
        return -1;
    }

    static int update(int crc, int octet) {
        return TABLE[(crc ^ octet) & 0xFF] ^ (crc >>> 8);
    }

    static int update(int crc, CharSequence octets) {
        int updated = crc;
        for (int i = 0; i < octets.length(); i++) {
            updated = update(updated, octets.charAt(i));
        }
        return updated;
    }

    static int finish(int crc) {
        return ~crc;
    }
}
