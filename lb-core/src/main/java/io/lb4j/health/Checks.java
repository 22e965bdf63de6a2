package io.lb4j.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Refuses bad settings with a message that says what to type instead. */
final class Checks {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    static IllegalArgumentException bad(String name, Object value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }

    static <T> T given(String name, T value) {
        return requireNonNull(value, name + ": null (expected: a value)");
    }

    static double range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw bad(name, value, least + " to " + most);
        }
        return value;
    }

    static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw bad(name, value, ">= " + least);
        }
        return value;
    }

    /** The limits of an adaptive limit. */
    static void limits(int initial, int least, int most) {
        atLeast("least", least, 1);
        atLeast("most", most, least);
        if (initial < least || initial > most) {
            throw bad("initial", initial, least + " to " + most);
        }
    }

    static long positiveNanos(String name, Duration value) {
        given(name, value);
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw bad(name, value, "> 0, at most 100 years");
        }
        return value.toNanos();
    }
}
