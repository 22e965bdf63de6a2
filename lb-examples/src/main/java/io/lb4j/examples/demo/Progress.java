package io.lb4j.examples.demo;

import java.util.List;
import java.util.Locale;

/** Shows how far a run is: in a terminal all the time, else at every quarter. */
final class Progress {
    private static final int WIDTH = 20;
    private static final int PLAIN_LINES = 4;

    private final double lengthNanos;
    private final Screen screen;
    private final long begin = System.nanoTime();
    private int plainLines;

    Progress(Scenario scenario, Screen screen) {
        this.lengthNanos = scenario.length().toNanos();
        this.screen = screen;
    }

    /** Returns how much of the run is over, from 0 to 1. */
    double part() {
        return Math.min(1, (System.nanoTime() - begin) / lengthNanos);
    }

    /** Writes what has just happened. */
    void event(String what) {
        screen.line(String.format(Locale.ROOT, "%6.1f s  %s", seconds(), what));
    }

    void show(Traffic traffic) {
        if (screen.isLive()) {
            int done = (int) (part() * WIDTH);
            String bar = screen.bar(done) + ".".repeat(WIDTH - done);
            screen.status(String.format(Locale.ROOT, "%6.1f s  %s  %s", seconds(), bar, figures(traffic)));
        } else if (part() * PLAIN_LINES >= plainLines + 1) {
            plainLines++;
            event(figures(traffic));
        }
    }

    private String figures(Traffic traffic) {
        List<CallResult> calls = traffic.results();
        long errors = calls.stream().filter(call -> !call.good()).count();
        double p99 = Latencies.of(calls).percentileMillis(99);
        return String.format(Locale.ROOT, "%d calls, %d errors, p99 %.0f ms", calls.size(), errors, p99);
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }
}
