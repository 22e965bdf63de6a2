package io.lb4j.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measurements as tables in Markdown, each beside its floor.
 *
 * @param measurements what is shown
 * @param floors finds the floor of a measurement, null if it has none
 */
public record ResultTable(Measurements measurements, Function<Key, @Nullable Key> floors) {
    /**
     * Returns a table for each benchmark.
     *
     * @return Markdown
     */
    public String markdown() {
        Map<String, List<Measurement>> byBenchmark = new LinkedHashMap<>();
        for (Measurement each : measurements.all()) {
            byBenchmark
                    .computeIfAbsent(each.key().benchmark(), name -> new ArrayList<>())
                    .add(each);
        }
        StringBuilder text = new StringBuilder();
        byBenchmark.forEach((name, rows) -> table(name, rows, text));
        return text.toString();
    }

    private void table(String benchmark, List<Measurement> rows, StringBuilder text) {
        List<String> params = List.copyOf(rows.get(0).key().params().keySet());
        text.append("### ").append(benchmark).append("\n\n|");
        params.forEach(name -> text.append(' ').append(name).append(" |"));
        text.append(" threads | ns | floor, ns | x floor | B | slowest fork, ns |\n|");
        text.append(" --- |".repeat(params.size())).append(" ---: |".repeat(6)).append('\n');
        for (Measurement row : rows) {
            text.append('|');
            params.forEach(
                    name -> text.append(' ').append(row.key().param(name)).append(" |"));
            text.append(figures(row)).append('\n');
        }
        text.append('\n');
    }

    private String figures(Measurement row) {
        Key key = floors.apply(row.key());
        Measurement floor = key == null ? null : measurements.find(key);
        return " " + row.key().threads() + " | " + shown(row.nanos()) + " | "
                + (floor == null ? "" : shown(floor.nanos())) + " | "
                + (floor == null ? "" : String.format(Locale.ROOT, "%.2f", row.nanos() / floor.nanos())) + " | "
                + (row.bytes().isEmpty() ? "" : String.format(Locale.ROOT, "%,.0f", row.bytesPerOperation())) + " | "
                + shown(row.slowest()) + " |";
    }

    /**
     * Returns a table of targets and whether they are met.
     *
     * @param targets the targets
     * @return Markdown
     */
    public String verdicts(List<Target> targets) {
        StringBuilder text = new StringBuilder("| target | at most | measured | |\n| --- | ---: | ---: | --- |\n");
        targets.forEach(target -> text.append(target.row(measurements)).append('\n'));
        return text.append('\n').toString();
    }

    private static String shown(double nanos) {
        return String.format(Locale.ROOT, nanos < 1000 ? "%.1f" : "%,.0f", nanos);
    }
}
