package io.lb4j.okhttp.sticky;

import java.time.Duration;
import java.util.regex.Pattern;

/** Refuses bad settings with a message that says what to type instead. */
final class Checks {
    /** RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private Checks() {}

    static IllegalArgumentException bad(String name, Object value, String expected) {
        Object shown = value instanceof CharSequence text ? '"' + text.toString() + '"' : value;
        return new IllegalArgumentException(name + ": " + shown + " (expected: " + expected + ")");
    }

    /** Like {@link java.util.Objects#requireNonNull}, in the words of the other checks. */
    @SuppressWarnings("ConstantValue") // callers outside NullMarked code may pass null all the same
    static <T> T notNull(String name, T value) {
        if (value == null) {
            throw new NullPointerException(name + ": null (expected: a value)");
        }
        return value;
    }

    /** The name of a cookie, a header or a parameter. */
    static String token(String name, String value) {
        if (!TOKEN.matcher(notNull(name, value)).matches()) {
            throw bad(name, value, "letters, digits and !#$%&'*+.^_`|~- only, for instance \"JSESSIONID\"");
        }
        return value;
    }

    static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw bad(name, value, ">= 1");
        }
        return value;
    }

    static Duration positive(String name, Duration value) {
        if (notNull(name, value).isNegative() || value.isZero()) {
            throw bad(name, value, "> 0");
        }
        return value;
    }
}
