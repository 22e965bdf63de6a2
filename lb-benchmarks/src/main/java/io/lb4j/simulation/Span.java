package io.lb4j.simulation;

import java.time.Duration;

/**
 * A part of a simulation.
 *
 * @param from nanoseconds since the start
 * @param to nanoseconds since the start, not included
 */
public record Span(long from, long to) {
    /** Checks the order. */
    public Span {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("span: " + from + " to " + to + " (expected: 0 <= from <= to)");
        }
    }

    /**
     * Returns a span.
     *
     * @param from since the start
     * @param to since the start, not included
     * @return the span
     */
    public static Span of(Duration from, Duration to) {
        return new Span(from.toNanos(), to.toNanos());
    }

    /**
     * Tells whether a moment is in it.
     *
     * @param now the moment
     * @return true from the first to before the last
     */
    public boolean contains(long now) {
        return now >= from && now < to;
    }

    /** How much of it is over, 0 to 1. */
    double part(long now) {
        return (double) (now - from) / (to - from);
    }

    /**
     * Returns its length.
     *
     * @return seconds
     */
    public double seconds() {
        return (to - from) / 1e9;
    }
}
