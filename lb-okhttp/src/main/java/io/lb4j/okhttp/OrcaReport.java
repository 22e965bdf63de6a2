package io.lb4j.okhttp;

import io.lb4j.LoadReport;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import okhttp3.Response;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of its load in the headers of ORCA (Open Request Cost Aggregation, {@code xds.data.orca.v3}).
 *
 * <p>Metrics go by the names they have in the form {@code TEXT}; those that nobody asks for are kept all the same. A report
 * with a metric told twice, or with a value that is no number or negative, is not believed at all.
 */
record OrcaReport(Map<String, Double> metrics) {
    static final String HEADER = "endpoint-load-metrics";
    static final String BINARY_HEADER = "endpoint-load-metrics-bin";

    static final OrcaReport EMPTY = new OrcaReport(Map.of());

    /** The report of an answer; empty if there is none or it is unreadable. */
    static OrcaReport of(Response response) {
        @Nullable String binary = response.header(BINARY_HEADER);
        @Nullable String header = response.header(HEADER);
        try {
            if (binary != null) {
                return new OrcaReport(OrcaMessage.read(bytes(binary)));
            }
            return header == null ? EMPTY : new OrcaReport(read(header.strip()));
        } catch (ParseException | NumberFormatException e) {
            return EMPTY;
        }
    }

    private static Map<String, Double> read(String header) throws ParseException {
        if (header.startsWith("TEXT ")) {
            return ofText(header.substring(5));
        } else if (header.startsWith("JSON ")) {
            return ofJson(JsonReader.read(header.substring(5)));
        } else if (header.startsWith("BIN ")) {
            return OrcaMessage.read(bytes(header.substring(4)));
        }
        throw new ParseException("no form of load metrics: " + header, 0);
    }

    private static ByteString bytes(String base64) throws ParseException {
        ByteString bytes = ByteString.decodeBase64(base64.strip());
        if (bytes == null) {
            throw new ParseException("not Base64: " + base64, 0);
        }
        return bytes;
    }

    private static Map<String, Double> ofText(String text) throws ParseException {
        OrcaMetrics metrics = new OrcaMetrics();
        for (String part : text.split(",", -1)) {
            String[] nameAndValue = part.split("[=:]", 2);
            if (part.isBlank()) {
                continue;
            } else if (nameAndValue.length < 2) {
                throw new ParseException("no value: " + part, 0);
            }
            metrics.add(nameAndValue[0].strip(), Double.parseDouble(nameAndValue[1].strip()));
        }
        return metrics.all();
    }

    private static Map<String, Double> ofJson(Json json) throws ParseException {
        if (!(json instanceof Json.Members members)) {
            throw new ParseException("no object", 0);
        }
        OrcaMetrics metrics = new OrcaMetrics();
        for (Map.Entry<String, Json> each : members.values().entrySet()) {
            String name = OrcaMetrics.snakeCase(each.getKey());
            if (each.getValue() instanceof Json.Members nested) {
                for (Map.Entry<String, Json> inner : nested.values().entrySet()) {
                    metrics.add(name + '.' + inner.getKey(), number(inner.getValue()));
                }
            } else {
                metrics.add(name, number(each.getValue()));
            }
        }
        return metrics.all();
    }

    private static double number(Json value) throws ParseException {
        if (value instanceof Json.Literal literal) {
            return Double.parseDouble(literal.spelling());
        } else if (value instanceof Json.Text text) { // how protocol buffers write a 64-bit integer
            return Double.parseDouble(text.value());
        }
        throw new ParseException("no number: " + value, 0);
    }

    // ------------------------------------------------------------------------------------------ what it says

    /** A metric, 0 if it is not told. */
    double get(String name) {
        return metrics.getOrDefault(name, 0.0);
    }

    /** The application's own measure or else that of the CPU, 0 if there is none. */
    double utilization() {
        double application = get("application_utilization");
        return application > 0 ? application : get("cpu_utilization");
    }

    /**
     * Returns it as the engine knows reports.
     *
     * @param names whose maximum stands for the application's utilization if that is not told
     */
    LoadReport toLoadReport(List<String> names, long receivedNanos) {
        double told = get("application_utilization");
        double application =
                told > 0 ? told : names.stream().mapToDouble(this::get).max().orElse(0);
        double requests = get("rps_fractional");
        return new LoadReport(
                application,
                get("cpu_utilization"),
                requests > 0 ? requests : get("rps"),
                get("eps"),
                -1,
                -1,
                receivedNanos);
    }
}
