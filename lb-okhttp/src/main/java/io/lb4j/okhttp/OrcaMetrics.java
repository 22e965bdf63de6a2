package io.lb4j.okhttp;

import java.text.ParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Collects the metrics of one report, each name once. Confined to one reading. */
final class OrcaMetrics {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private final Map<String, Double> all = new HashMap<>();

    void add(String name, double value) throws ParseException {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new ParseException(name + ": " + value, 0);
        } else if (all.putIfAbsent(name, value) != null) {
            throw new ParseException(name + ": twice", 0);
        }
    }

    Map<String, Double> all() {
        return Map.copyOf(all);
    }

    /** Protocol buffers write names in JSON either way: {@code cpuUtilization} is {@code cpu_utilization}. */
    static String snakeCase(String name) {
        return HUMP.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    }
}
