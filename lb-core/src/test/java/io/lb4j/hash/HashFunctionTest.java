package io.lb4j.hash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lb4j.HashKey;
import io.lb4j.vectors.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class HashFunctionTest {
    private static final List<String> TEXTS =
            List.of("", "a", "Straße", "日本語", "\uD83D\uDE00 smile", "lone \uD800", "é".repeat(99));

    /** The bytes 0, 1, 2... as chars. */
    private static String sequence(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return new String(bytes, ISO_8859_1);
    }

    private static String input(String[] row) {
        return row[0].equals("str") ? row[1] : sequence(Integer.parseInt(row[2]));
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    @Test
    void xxHash64AgreesWithTheReferenceForEverySeed() {
        for (String[] row : Vectors.csv("hashes64.csv")) {
            byte[] bytes = input(row).getBytes(ISO_8859_1);
            assertEquals(hex(row[3]), HashKey.of(bytes, 0), row[2]);
            assertEquals(hex(row[4]), HashKey.of(bytes, 1), row[2]);
            assertEquals(hex(row[5]), HashKey.of(bytes, 42), row[2]);
            if (row[0].equals("str")) {
                assertEquals(hex(row[3]), HashFunction.xxHash64(0).hash(row[1]));
                assertEquals(hex(row[5]), HashFunction.xxHash64(42).hash(row[1]));
            }
        }
    }

    @Test
    void murmur3AgreesWithGuava() {
        for (String[] row : Vectors.csv("murmur3_siphash.csv")) {
            String octets = input(row);
            assertEquals(hex(row[3]), Murmur3.x86(octets, 0) & 0xFFFFFFFFL, row[2]);
            assertEquals(hex(row[4]), Murmur3.x64(octets, 0), row[2]);
            if (row[0].equals("str")) {
                assertEquals(hex(row[3]), HashFunction.murmur3x32(0).hash(row[1]));
                assertEquals(hex(row[4]), HashFunction.murmur3x128(0).hash(row[1]));
            }
        }
    }

    @Test
    void crc32IsThatOfTheJdk() {
        for (int length = 0; length < 300; length++) {
            String octets = randomOctets(length);
            CRC32 crc = new CRC32();
            crc.update(octets.getBytes(ISO_8859_1));
            assertEquals((int) crc.getValue(), Crc32.of(octets), "length " + length);
        }
        assertEquals(0xCBF43926L, HashFunction.crc32().hash("123456789"));
    }

    @Test
    void md5IsThatOfTheJdkAtEveryLength() throws Exception {
        for (int length = 0; length < 300; length++) {
            String octets = randomOctets(length);
            byte[] bytes = MessageDigest.getInstance("MD5").digest(octets.getBytes(ISO_8859_1));
            ByteBuffer digest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(digest.getLong(0), Md5.low(octets), "length " + length);
            assertEquals(digest.getLong(8), Md5.high(octets), "length " + length);
        }
    }

    private static String randomOctets(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new String(bytes, ISO_8859_1);
    }

    @Test
    void textIsHashedAsUtf8() throws Exception {
        for (String text : TEXTS) {
            byte[] utf8 = text.getBytes(UTF_8);
            String octets = new String(utf8, ISO_8859_1);
            CRC32 crc = new CRC32();
            crc.update(utf8);
            assertEquals(crc.getValue(), HashFunction.crc32().hash(text), text);
            assertEquals(
                    ByteBuffer.wrap(MessageDigest.getInstance("MD5").digest(utf8))
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong(),
                    HashFunction.md5().hash(text),
                    text);
            assertEquals(Murmur3.x64(octets, 7), HashFunction.murmur3x128(7).hash(text), text);
            assertEquals(HashKey.of(utf8, 7), HashFunction.xxHash64(7).hash(text), text);
        }
    }

    @Test
    void anyCharSequenceIsHashedLikeTheStringOfItsChars() {
        CharSequence other = CharBuffer.wrap("user-4711");
        for (HashFunction function : List.of(
                HashFunction.md5(),
                HashFunction.crc32(),
                HashFunction.xxHash64(3),
                HashFunction.murmur3x32(3),
                HashFunction.murmur3x128(3))) {
            assertEquals(function.hash("user-4711"), function.hash(other));
        }
    }

    @Test
    void asciiTextIsItsOwnOctets() {
        CharSequence ascii = CharBuffer.wrap("\0 ~\u007f");
        assertSame(ascii, Octets.of(ascii));
    }
}
