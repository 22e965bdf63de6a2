package io.lb4j.benchmarks.report;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which measurement it is.
 *
 * @param benchmark class and method, without the package
 * @param threads how many threads run it at once
 * @param params the parameters of the benchmark, all of them
 */
public record Key(String benchmark, int threads, SortedMap<String, String> params) {
    /** Copies the parameters. */
    public Key {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    }

    /**
     * Returns a key.
     *
     * @param benchmark class and method, without the package
     * @param threads how many threads
     * @param params parameters as {@code name=value}
     * @return the key
     */
    public static Key of(String benchmark, int threads, String... params) {
        SortedMap<String, String> parsed = new TreeMap<>();
        for (String param : params) {
            int equals = param.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("param: " + param + " (expected: name=value)");
            }
            parsed.put(param.substring(0, equals), param.substring(equals + 1));
        }
        return new Key(benchmark, threads, parsed);
    }

    static Key full(String benchmark, int threads, Map<String, String> params) {
        int method = benchmark.lastIndexOf('.');
        int type = benchmark.lastIndexOf('.', method - 1);
        return new Key(benchmark.substring(type + 1), threads, new TreeMap<>(params));
    }

    Key withThreads(int other) {
        return new Key(benchmark, other, params);
    }

    /**
     * Returns a parameter.
     *
     * @param name its name
     * @return its value, empty if the benchmark has no such parameter
     */
    public String param(String name) {
        return params.getOrDefault(name, "");
    }

    /** Returns benchmark, parameters and threads. */
    @Override
    public String toString() {
        return benchmark + params + (threads == 1 ? "" : " in " + threads + " threads");
    }
}
