package io.lb4j;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HashKeyTest {
    /** Input, one char per byte, and its xxHash64 with seeds 0, 1 and 42, from the reference implementation in C. */
    private record Vector(String input, long seed0, long seed1, long seed42) {
        static Vector of(String line) {
            String[] columns = line.split(",");
            String input = columns[0].equals("str") ? columns[1] : sequence(columns[2]);
            return new Vector(input, hex(columns[3]), hex(columns[4]), hex(columns[5]));
        }

        private static String sequence(String length) {
            byte[] bytes = new byte[Integer.parseInt(length)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
            return new String(bytes, ISO_8859_1);
        }

        private static long hex(String digits) {
            return Long.parseUnsignedLong(digits, 16);
        }

        byte[] bytes() {
            return input.getBytes(ISO_8859_1);
        }

        boolean isAscii() {
            return input.chars().allMatch(c -> c < 0x80);
        }
    }

    private static List<Vector> vectors() throws IOException {
        try (InputStream in = Objects.requireNonNull(HashKeyTest.class.getResourceAsStream("/vectors/hashes64.csv"))) {
            List<Vector> vectors = new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("str,") || line.startsWith("seq,"))
                    .map(Vector::of)
                    .toList();
            assertEquals(159, vectors.size());
            return vectors;
        }
    }

    @Test
    void bytesAreHashedAsByTheReferenceImplementation() throws IOException {
        for (Vector vector : vectors()) {
            assertEquals(vector.seed0(), HashKey.of(vector.bytes()));
            assertEquals(vector.seed0(), HashKey.of(vector.bytes(), 0));
            assertEquals(vector.seed1(), HashKey.of(vector.bytes(), 1));
            assertEquals(vector.seed42(), HashKey.of(vector.bytes(), 42));
        }
    }

    @Test
    void asciiTextIsHashedAsItsBytes() throws IOException {
        int checked = 0;
        for (Vector vector : vectors()) {
            if (vector.isAscii()) {
                CharSequence text = CharBuffer.wrap(vector.input());
                assertEquals(vector.seed0(), HashKey.of(text));
                assertEquals(vector.seed1(), HashKey.of(text, 1));
                assertEquals(vector.seed42(), HashKey.of(text, 42));
                checked++;
            }
        }
        assertEquals(73, checked);
    }

    @Test
    void otherTextIsHashedInUtf8() {
        for (String text : List.of("é", "größer", "日本語のキー", "\uD83D\uDE00 and much more than 32 bytes of plain text")) {
            assertEquals(HashKey.of(text.getBytes(UTF_8)), HashKey.of(text));
            assertEquals(HashKey.of(text.getBytes(UTF_8), 7), HashKey.of(CharBuffer.wrap(text), 7));
        }
    }

    @Test
    void unpairedSurrogateIsHashedAsQuestionMark() {
        assertEquals(HashKey.of("a?b"), HashKey.of("a\uD800b"));
    }

    @Test
    void numbersAreMixedAsBySplitMix64() {
        assertEquals(0xE220A8397B1DCDAFL, HashKey.of(0x9E3779B97F4A7C15L)); // first number of the generator with seed 0
        assertEquals(new SplittableRandom(1).nextLong(), HashKey.of(1 + 0x9E3779B97F4A7C15L));
        assertEquals(0, HashKey.of(0L));
    }

    @Test
    void addressesAreHashedByTheirBytes() throws UnknownHostException {
        InetAddress four = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        byte[] sixBytes = new byte[16];
        sixBytes[0] = 0x20;
        sixBytes[15] = 1;
        InetAddress six = InetAddress.getByAddress(sixBytes);
        assertEquals(HashKey.of(new byte[] {10, 0, 0, 1}), HashKey.of(four));
        assertEquals(HashKey.of(sixBytes), HashKey.of(six));
        assertNotEquals(HashKey.of(four), HashKey.of(six));
    }

    @Test
    void mappedAddressIsTheSameClientAsTheAddressInIt() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        InetAddress address = Inet6Address.getByAddress("mapped", mapped, 0); // InetAddress would make an Inet4Address
        assertEquals(16, address.getAddress().length);
        assertEquals(HashKey.of(new byte[] {10, 0, 0, 1}), HashKey.of(address));
    }

    @Test
    void requestHashesItsKey() {
        RequestContext own = new RequestContext() {
            @Override
            public CharSequence key() {
                return "user-1";
            }
        };
        assertEquals(HashKey.of("user-1"), own.hashKey());
        assertEquals(HashKey.of("user-1"), RequestContext.ofKey("user-1").hashKey());
        assertEquals(0, RequestContext.none().hashKey());
    }
}
