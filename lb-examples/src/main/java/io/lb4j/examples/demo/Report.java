package io.lb4j.examples.demo;

import java.util.List;
import java.util.function.Function;

/** Shows what a comparison came to: a table for each algorithm, the totals side by side, bars, and what to look at. */
public final class Report {
    private static final int NAME = 11;
    private static final int[] CELLS = {7, 8, 8, 8, 8, 10, 8, 9};
    private static final List<String> HEADINGS =
            List.of("calls", "share %", "p50 ms", "p99 ms", "errors", "attempts", "failed", "ejected");

    private final Comparison comparison;
    private final Screen screen;

    private Report(Comparison comparison, Screen screen) {
        this.comparison = comparison;
        this.screen = screen;
    }

    /** Writes the report. */
    public static void show(Comparison comparison, Screen screen) {
        Report report = new Report(comparison, screen);
        report.table(comparison.first());
        report.table(comparison.second());
        report.totals();
        report.shares();
        report.tails();
        report.heading("what to look at");
        new Conclusions(comparison).lines().forEach(screen::line);
    }

    private void table(RunSummary run) {
        heading(run.algorithm());
        screen.line(screen.dim(row("", HEADINGS)));
        run.endpoints().forEach(endpoint -> screen.line(row(endpoint.name(), cells(endpoint))));
    }

    private static List<String> cells(EndpointSummary endpoint) {
        return List.of(
                Long.toString(endpoint.calls()),
                Columns.decimal(endpoint.share() * 100),
                millis(endpoint.latencies(), 50),
                millis(endpoint.latencies(), 99),
                Long.toString(endpoint.errors()),
                Long.toString(endpoint.attempts()),
                Long.toString(endpoint.failedAttempts()),
                Long.toString(endpoint.ejections()));
    }

    private static String row(String name, List<String> cells) {
        StringBuilder row = new StringBuilder(Columns.left(name, NAME));
        for (int i = 0; i < CELLS.length; i++) {
            row.append(Columns.right(cells.get(i), CELLS[i]));
        }
        return row.toString();
    }

    private void totals() {
        heading("totals");
        total("", RunSummary::algorithm);
        total("calls", run -> Long.toString(run.calls()));
        total("errors seen by callers", run -> Long.toString(run.errors()));
        total("attempts", run -> Long.toString(run.attempts()));
        total("  of these failed", run -> Long.toString(run.failedAttempts()));
        total("p50 ms", run -> millis(run.latencies(), 50));
        total("p90 ms", run -> millis(run.latencies(), 90));
        total("p99 ms", run -> millis(run.latencies(), 99));
        total("p99.9 ms", run -> millis(run.latencies(), 99.9));
        total("slowest call, ms", run -> millis(run.latencies(), 100));
    }

    private void total(String name, Function<RunSummary, String> value) {
        screen.line(Columns.left(name, 24)
                + screen.first(Columns.right(value.apply(comparison.first()), 20))
                + screen.second(Columns.right(value.apply(comparison.second()), 24)));
    }

    private void shares() {
        BarChart chart = new BarChart("share of the calls", "%");
        for (String name : Cluster.NAMES) {
            chart.row(
                    name,
                    comparison.first().endpoint(name).share() * 100,
                    comparison.second().endpoint(name).share() * 100);
        }
        chart.show(comparison, screen);
    }

    private void tails() {
        BarChart chart = new BarChart("p99: one call in 100 took longer", "ms");
        for (String name : Cluster.NAMES) {
            chart.row(
                    name,
                    p99(comparison.first().endpoint(name).latencies()),
                    p99(comparison.second().endpoint(name).latencies()));
        }
        chart.row(
                "all calls",
                p99(comparison.first().latencies()),
                p99(comparison.second().latencies()));
        chart.show(comparison, screen);
    }

    private void heading(String text) {
        screen.line("");
        screen.line(screen.bold(text));
    }

    private static double p99(Latencies latencies) {
        return latencies.percentileMillis(99);
    }

    private static String millis(Latencies latencies, double percent) {
        return Columns.decimal(latencies.percentileMillis(percent));
    }
}
