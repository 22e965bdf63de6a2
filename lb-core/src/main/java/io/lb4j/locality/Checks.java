package io.lb4j.locality;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;

/** Refuses bad settings with a message that says what to type instead. */
final class Checks {
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

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(name, value, most == Integer.MAX_VALUE ? ">= " + least : least + " to " + most);
        }
        return value;
    }

    /** The names as a list, at least one, none twice. */
    static List<String> distinct(String name, Collection<String> values) {
        List<String> copy = List.copyOf(given(name, values));
        if (copy.isEmpty() || new HashSet<>(copy).size() < copy.size()) {
            throw bad(name, copy, "at least one, each once");
        }
        return copy;
    }
}
