package io.lb4j.examples.demo;

import java.util.List;
import java.util.Locale;

/** What to look at, in three lines computed from the results, whatever they are. */
final class Conclusions {
    private final RunSummary first;
    private final RunSummary second;

    Conclusions(Comparison comparison) {
        this.first = comparison.first();
        this.second = comparison.second();
    }

    List<String> lines() {
        return List.of(slowServer(), tail(), faults());
    }

    private String slowServer() {
        return text(
                "1. The slow server got %.1f %% of the calls from %s and %.1f %% from %s.",
                first.endpoint(Cluster.SLOW).share() * 100,
                first.algorithm(),
                second.endpoint(Cluster.SLOW).share() * 100,
                second.algorithm());
    }

    private String tail() {
        double before = first.latencies().percentileMillis(99);
        double after = second.latencies().percentileMillis(99);
        return text(
                "2. One call in 100 took longer than %.0f ms with %s and %.0f ms with %s: %.1f times as long.",
                before, first.algorithm(), after, second.algorithm(), before / after);
    }

    private String faults() {
        return text(
                "3. Attempts that failed: %d and %d. Errors that callers saw: %d and %d. What fails is tried elsewhere.",
                first.failedAttempts(), second.failedAttempts(), first.errors(), second.errors());
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
