package io.lb4j.simulation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What another simulator, written before this one, gave for the formula of least response time. */
final class Prototype {
    private Prototype() {}

    /**
     * Its figures in one scenario, in the time of the fault if there is one.
     *
     * @param p99 milliseconds
     * @param p999 milliseconds
     * @param success 0 to 1
     */
    record Row(double p99, double p999, double success) {}

    static Map<String, Row> rows() {
        Map<String, Row> rows = new LinkedHashMap<>();
        text().lines().skip(1).forEach(line -> {
            String[] cells = line.split(",", -1);
            double success = Double.parseDouble(cells[3]) / 100;
            rows.put(cells[0], new Row(Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), success));
        });
        return rows;
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(Prototype.class.getResourceAsStream("prototype.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
