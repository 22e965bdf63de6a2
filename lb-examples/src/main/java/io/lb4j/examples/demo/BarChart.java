package io.lb4j.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two bars per row, one for each algorithm, all to the same scale. */
final class BarChart {
    private static final int LONGEST = 22;
    private static final int NAME = 11;
    private static final int COLUMN = 36;

    private final String title;
    private final String unit;
    private final List<Row> rows = new ArrayList<>();

    /** The values of one row. */
    private record Row(String name, double first, double second) {}

    BarChart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    void row(String name, double first, double second) {
        rows.add(new Row(name, first, second));
    }

    void show(Comparison comparison, Screen screen) {
        double most = rows.stream()
                .mapToDouble(row -> Math.max(row.first, row.second))
                .max()
                .orElse(0);
        screen.line("");
        screen.line(screen.bold(title));
        screen.line(line(
                screen, "", comparison.first().algorithm(), comparison.second().algorithm()));
        for (Row row : rows) {
            screen.line(line(screen, row.name, bar(screen, row.first, most), bar(screen, row.second, most)));
        }
    }

    private static String line(Screen screen, String name, String first, String second) {
        return Columns.left(name, NAME) + screen.first(Columns.left(first, COLUMN)) + screen.second(second);
    }

    private String bar(Screen screen, double value, double most) {
        int length = most > 0 ? (int) Math.round(value / most * LONGEST) : 0;
        return screen.bar(length) + String.format(Locale.ROOT, " %.1f %s", value, unit);
    }
}
