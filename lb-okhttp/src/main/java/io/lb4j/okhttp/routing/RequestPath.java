package io.lb4j.okhttp.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The path of a URL in one form, whatever its spelling, so that rules cannot be got round by another spelling (RFC 3986, section 6.2.2).
 *
 * <p>Escapes of characters that mean the same without are decoded ({@code %61} is {@code a}), the rest has capitals ({@code %c3} is
 * {@code %C3}); empty segments ({@code //}) and path parameters ({@code ;v=1}) are left out. OkHttp has resolved {@code .} and {@code ..}.
 * What servers understand in different ways has no such form: an escaped {@code /}, {@code \}, control character or {@code %} before
 * two hexadecimal digits, bytes that are no UTF-8, and a segment that is {@code .} or {@code ..} without its parameters.
 */
final class RequestPath {
    /** They mean the same escaped or not; {@code ;} begins parameters, so it is not among them. */
    private static final String PLAIN = "-._~!$&'()*+,=:@[]";

    private final String path;
    private final boolean keepsSlashes;
    private final StringBuilder out;

    private RequestPath(String path, boolean keepsSlashes) {
        this.path = path;
        this.keepsSlashes = keepsSlashes;
        this.out = new StringBuilder(path.length());
    }

    /**
     * Returns the one form of a path; mostly the path itself.
     *
     * @param path as {@link HttpUrl#encodedPath} has it
     * @param keepsSlashes {@code %2F} stays as it is, and separates nothing
     * @return the form; null if there is none
     */
    static @Nullable String normalised(String path, boolean keepsSlashes) {
        return isPlain(path) ? path : new RequestPath(path, keepsSlashes).normalised();
    }

    /** What a rule compares with: a path, or the beginning of one. */
    static String literal(String name, String value) {
        if (Checks.notNull(name, value).indexOf('*') >= 0) {
            throw Checks.bad(name, value, "no *; that is for a path glob");
        }
        return glob(name, value);
    }

    /** The same, with {@code *} in it. */
    static String glob(String name, String value) {
        if (!Checks.notNull(name, value).startsWith("/")) {
            throw Checks.bad(name, value, "a path, for instance \"/api\"");
        }
        String encoded = new HttpUrl.Builder()
                .scheme("http")
                .host("localhost")
                .encodedPath(value)
                .build()
                .encodedPath();
        String normalised = normalised(encoded, true);
        boolean same = normalised != null && segments(normalised) == segments(value) && value.indexOf('?') < 0;
        if (value.indexOf('{') >= 0 || value.indexOf('}') >= 0) {
            throw Checks.bad(name, value, "no { and }; they are for a path template");
        }
        if (normalised == null || !same || value.indexOf(';') >= 0 || value.indexOf('\\') >= 0) {
            throw Checks.bad(
                    name, value, "a path without .., //, ;, ? and the like, because requests are compared without");
        }
        return normalised;
    }

    private static int segments(String path) {
        return (int) path.chars().filter(c -> c == '/').count();
    }

    private static boolean isPlain(String path) {
        char last = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean empty = c == '/' && last == '/';
            if (empty || c == '%' || c == ';' || c == '\\') {
                return false;
            }
            last = c;
        }
        return true;
    }

    private @Nullable String normalised() {
        int at = 0;
        while (at < path.length()) {
            int end = path.indexOf('/', at + 1);
            int next = end < 0 ? path.length() : end;
            int start = out.length();
            if (!segment(at + 1, next)) {
                return null;
            }
            if (out.length() == start + 1 && next < path.length()) {
                out.setLength(start); // empty, and not the last
            }
            at = next;
        }
        return isUtf8() ? out.toString() : null;
    }

    /** Writes a segment without its parameters; false if it may mean several things. */
    private boolean segment(int from, int to) {
        out.append('/');
        int start = out.length();
        int semicolon = path.indexOf(';', from);
        int end = semicolon < 0 || semicolon > to ? to : semicolon;
        if (!characters(from, end)) {
            return false;
        }
        String written = out.substring(start);
        boolean clear = characters(end, to) && !isEscapedTwice(start); // parameters may hide nothing either
        out.setLength(start + written.length());
        return clear && !written.equals(".") && !written.equals("..");
    }

    private boolean characters(int from, int to) {
        int at = from;
        while (at < to) {
            char c = path.charAt(at);
            if (c == '\\' || (c == '%' && !escape(octet(at, to)))) {
                return false;
            }
            if (c != '%') {
                out.append(c);
            }
            at += c == '%' ? 3 : 1;
        }
        return true;
    }

    /** Writes an escaped octet. */
    private boolean escape(int octet) {
        boolean slash = octet == '/' && !keepsSlashes;
        if (octet < ' ' || octet == 0x7F || octet == '\\' || slash) {
            return false;
        }
        if (octet < 0x80 && (Character.isLetterOrDigit(octet) || PLAIN.indexOf(octet) >= 0)) {
            out.append((char) octet);
        } else {
            out.append('%').append(hex(octet >> 4)).append(hex(octet & 15));
        }
        return true;
    }

    /** What the two hexadecimal digits behind a place mean; -1 if there are none. */
    private int octet(int at, int to) {
        return at + 2 < to ? octet(path, at + 1) : -1;
    }

    private static int octet(CharSequence text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    /** Whether there is an escape still when all are decoded. */
    private boolean isEscapedTwice(int from) {
        for (int at = out.indexOf("%25", from); at >= 0; at = out.indexOf("%25", at + 3)) {
            if (at + 5 <= out.length() && octet(out, at + 3) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    /** Overlong forms of ASCII are not, either. */
    private boolean isUtf8() {
        ByteBuffer octets = ByteBuffer.allocate(out.length());
        for (int at = 0; at < out.length(); at++) {
            boolean high = out.charAt(at) == '%' && Character.digit(out.charAt(at + 1), 16) >= 8;
            if (high) {
                octets.put((byte) Integer.parseInt(out, at + 1, at + 3, 16));
                at += 2;
            } else {
                octets.put((byte) out.charAt(at));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).hasRemaining();
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
