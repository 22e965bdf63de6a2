package io.lb4j.okhttp;

import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What a server says of its utilization in the header {@code endpoint-load-metrics}. */
final class LoadMetrics {
    static final String HEADER = "endpoint-load-metrics";

    private LoadMetrics() {}

    /** The application's own measure or else that of the CPU, 0 if there is none or the header is unreadable. */
    static double utilization(Response response) {
        @Nullable String header = response.header(HEADER);
        if (header == null) {
            return 0;
        }
        Map<String, Double> metrics = read(header.strip());
        double application = metrics.getOrDefault("application_utilization", 0.0);
        return application > 0 ? application : metrics.getOrDefault("cpu_utilization", 0.0);
    }

    private static Map<String, Double> read(String header) {
        try {
            if (header.startsWith("TEXT ")) {
                return ofText(header.substring(5));
            } else if (header.startsWith("JSON ")
                    && JsonReader.read(header.substring(5)) instanceof Json.Members members) {
                return ofJson(members);
            }
        } catch (ParseException | NumberFormatException e) {
            return Map.of();
        }
        return Map.of();
    }

    private static Map<String, Double> ofText(String text) {
        Map<String, Double> metrics = new HashMap<>();
        for (String part : text.split(",", -1)) {
            String[] nameAndValue = part.split("[=:]", 2);
            if (nameAndValue.length == 2) {
                metrics.put(nameAndValue[0].strip(), number(nameAndValue[1].strip()));
            }
        }
        return metrics;
    }

    private static Map<String, Double> ofJson(Json.Members members) {
        Map<String, Double> metrics = new HashMap<>();
        members.values().forEach((name, value) -> {
            if (value instanceof Json.Literal literal) {
                metrics.put(name, number(literal.spelling()));
            }
        });
        return metrics;
    }

    private static double number(String text) {
        double value = Double.parseDouble(text);
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new NumberFormatException(text);
        }
        return value;
    }
}
