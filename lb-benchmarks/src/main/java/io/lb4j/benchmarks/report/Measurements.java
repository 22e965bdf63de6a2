package io.lb4j.benchmarks.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measurements out of one or several files that JMH has written as JSON ({@code -rf json}).
 *
 * <p>What is in several files, because forks of several programs took turns, becomes one measurement with all the forks.
 */
public final class Measurements {
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final Map<String, Double> NANOS = Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

    private final Map<Key, Measurement> byKey = new LinkedHashMap<>();

    private Measurements() {}

    /**
     * Reads files.
     *
     * @param files results of the mode average time, by any class path and any number of runs
     * @return what they say
     * @throws IOException if one cannot be read
     */
    public static Measurements read(List<Path> files) throws IOException {
        Measurements all = new Measurements();
        for (Path file : files) {
            try (Reader reader = Files.newBufferedReader(file)) {
                JsonParser.parseReader(reader).getAsJsonArray().forEach(each -> all.add(measurement(each)));
            }
        }
        return all;
    }

    static Measurements of(Collection<Measurement> measured) {
        Measurements all = new Measurements();
        measured.forEach(all::add);
        return all;
    }

    private void add(Measurement measured) {
        byKey.merge(measured.key(), measured, Measurement::and);
    }

    /**
     * Returns all of them.
     *
     * @return in the order of the files
     */
    public List<Measurement> all() {
        return List.copyOf(byKey.values());
    }

    /**
     * Finds one.
     *
     * @param key which one
     * @return the measurement, null if it is not there
     */
    public @Nullable Measurement find(Key key) {
        return byKey.get(key);
    }

    private static Measurement measurement(JsonElement element) {
        JsonObject result = element.getAsJsonObject();
        String benchmark = result.get("benchmark").getAsString();
        JsonObject primary = result.getAsJsonObject("primaryMetric");
        Double unit = NANOS.get(primary.get("scoreUnit").getAsString());
        if (unit == null) {
            throw new IllegalArgumentException(benchmark + ": " + primary.get("scoreUnit")
                    + " (expected: a time per operation, so @BenchmarkMode(Mode.AverageTime))");
        }
        Map<String, String> params = new LinkedHashMap<>();
        if (result.has("params")) {
            result.getAsJsonObject("params").asMap().forEach((name, value) -> params.put(name, value.getAsString()));
        }
        JsonObject secondary = result.getAsJsonObject("secondaryMetrics");
        return new Measurement(
                Key.full(benchmark, result.get("threads").getAsInt(), params),
                forks(primary, unit),
                secondary.has(ALLOCATION) ? forks(secondary.getAsJsonObject(ALLOCATION), 1) : List.of());
    }

    /** The median iteration of each fork, so that one that was interrupted does not count. */
    private static List<Double> forks(JsonObject metric, double unit) {
        List<Double> medians = new ArrayList<>();
        for (JsonElement fork : metric.getAsJsonArray("rawData")) {
            JsonArray iterations = fork.getAsJsonArray();
            double[] values = new double[iterations.size()];
            Arrays.setAll(values, i -> iterations.get(i).getAsDouble());
            Arrays.sort(values);
            medians.add(values[values.length / 2] * unit);
        }
        return medians;
    }
}
