package io.lb4j.hash;

import java.util.Arrays;

/** IP addresses as text: IPv4 with dots, IPv6 by RFC 4291 and RFC 5952. The JDK's own parser may ask a name server. */
final class IpLiteral {
    private static final int GROUPS = 8;

    private IpLiteral() {}

    /** Returns 4 or 16 bytes; 4 if the text is an IPv4-mapped IPv6 address. */
    static byte[] parse(String text) {
        String address = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (address.indexOf(':') < 0) {
            byte[] bytes = new byte[4];
            parseIpv4(text, address, bytes, 0);
            return bytes;
        }
        int zone = address.indexOf('%');
        return unmapped(parseIpv6(text, zone < 0 ? address : address.substring(0, zone)));
    }

    static byte[] unmapped(byte[] address) {
        byte[] mapped = new byte[12];
        mapped[10] = -1;
        mapped[11] = -1;
        return address.length == 16 && Arrays.equals(address, 0, 12, mapped, 0, 12)
                ? Arrays.copyOfRange(address, 12, 16)
                : address;
    }

    private static void parseIpv4(String text, String address, byte[] bytes, int at) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            throw bad(text);
        }
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) number(text, parts[i], 10, 3, 255);
        }
    }

    private static byte[] parseIpv6(String text, String address) {
        int gap = address.indexOf("::");
        String before = gap < 0 ? address : address.substring(0, gap);
        String after = gap < 0 ? "" : address.substring(gap + 2);
        byte[] head = groups(text, before);
        byte[] tail = groups(text, after);
        int length = head.length + tail.length;
        if (gap < 0 ? length != 16 : length > 14 || before.indexOf('.') >= 0) {
            throw bad(text);
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    private static byte[] groups(String text, String groups) {
        if (groups.isEmpty()) {
            return new byte[0];
        }
        String[] parts = groups.split(":", -1);
        boolean dotted = parts[parts.length - 1].indexOf('.') >= 0;
        byte[] bytes = new byte[parts.length * 2 + (dotted ? 2 : 0)];
        int plain = dotted ? parts.length - 1 : parts.length;
        for (int i = 0; i < plain; i++) {
            int group = number(text, parts[i], 16, 4, 0xFFFF);
            bytes[2 * i] = (byte) (group >> 8);
            bytes[2 * i + 1] = (byte) group;
        }
        if (dotted) {
            parseIpv4(text, parts[plain], bytes, 2 * plain);
        }
        return bytes;
    }

    private static int number(String text, String digits, int radix, int mostDigits, int most) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) < 0x80 ? Character.digit(digits.charAt(i), radix) : -1;
            if (digit < 0 || i >= mostDigits) {
                throw bad(text);
            }
            number = number * radix + digit;
        }
        if (digits.isEmpty() || number > most) {
            throw bad(text);
        }
        return number;
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "client address: \"" + text + "\" (expected: an IPv4 or IPv6 address, for instance 203.0.113.9)");
    }

    static String format(byte[] address) {
        if (address.length == 4) {
            return (address[0] & 0xFF) + "." + (address[1] & 0xFF) + "." + (address[2] & 0xFF) + "."
                    + (address[3] & 0xFF);
        }
        int[] groups = new int[GROUPS];
        Arrays.setAll(groups, i -> (address[2 * i] & 0xFF) << 8 | (address[2 * i + 1] & 0xFF));
        int gap = longestRunOfZeros(groups);
        int gapLength = gap < 0 ? 0 : runOfZeros(groups, gap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(i == 0 || i == gap + gapLength ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** The first of the longest runs of two zeros or more; -1 = there is none. */
    private static int longestRunOfZeros(int[] groups) {
        int best = -1;
        int most = 1;
        for (int i = 0; i < GROUPS; i++) {
            if (runOfZeros(groups, i) > most) {
                best = i;
                most = runOfZeros(groups, i);
            }
        }
        return best;
    }

    private static int runOfZeros(int[] groups, int from) {
        int end = from;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - from;
    }
}
