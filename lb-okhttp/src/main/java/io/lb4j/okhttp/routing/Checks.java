package io.lb4j.okhttp.routing;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

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

    /** The name of a method, a header or a cookie. */
    static String token(String name, String value) {
        if (!TOKEN.matcher(notNull(name, value)).matches()) {
            throw bad(name, value, "letters, digits and !#$%&'*+.^_`|~- only");
        }
        return value;
    }

    static String notBlank(String name, String value) {
        if (notNull(name, value).isBlank()) {
            throw bad(name, value, "a name");
        }
        return value;
    }

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(name, value, most == Integer.MAX_VALUE ? ">= " + least : least + " to " + most);
        }
        return value;
    }

    /** A share of all requests. */
    static double share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw bad(name, value, "0 to 1, for instance 0.05 for 5 %");
        }
        return value;
    }

    static Pattern regex(String name, String value) {
        try {
            return Pattern.compile(notNull(name, value));
        } catch (PatternSyntaxException e) {
            throw bad(name, value, "a regular expression; " + e.getDescription() + " at " + e.getIndex());
        }
    }

    static List<String> each(String name, String[] values) {
        if (notNull(name, values).length == 0) {
            throw bad(name, "", "at least one");
        }
        for (String value : values) {
            notNull(name, value);
        }
        return List.of(values);
    }
}
