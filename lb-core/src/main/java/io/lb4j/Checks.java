package io.lb4j;

import java.time.Duration;

/** Refuses bad settings with a message that says what to type instead. */
final class Checks {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

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

    static double notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw bad(name, value, ">= 0 and finite");
        }
        return value;
    }

    static double range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw bad(name, value, least + " to " + most);
        }
        return value;
    }

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(name, value, most == Integer.MAX_VALUE ? ">= " + least : least + " to " + most);
        }
        return value;
    }

    /** A duration from 0 to 73 years, in nanoseconds. */
    static long nanos(String name, Duration value) {
        notNull(name, value);
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw bad(name, value, "0 to 73 years");
        }
        return value.toNanos();
    }

    static long positiveNanos(String name, Duration value) {
        long nanos = nanos(name, value);
        if (nanos == 0) {
            throw bad(name, value, "> 0");
        }
        return nanos;
    }

    static String notBlank(String name, String value) {
        if (notNull(name, value).isBlank()) {
            throw bad(name, value, "some text");
        }
        return value;
    }
}
