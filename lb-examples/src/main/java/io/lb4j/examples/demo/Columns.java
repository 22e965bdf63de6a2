package io.lb4j.examples.demo;

import java.util.Locale;

/** Text of a fixed width, and numbers as the report shows them. */
final class Columns {
    private Columns() {}

    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
