package io.lb4j.benchmarks.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * Benchmarks that are run alike.
 *
 * @param benchmark class and method, without the package
 * @param threads how many threads run it at once
 * @param params values of parameters; each value of one with each of the others; those that are not named take the
 *     values of the benchmark
 * @param warmth how many times as long as usual it warms up
 */
public record Selection(String benchmark, int threads, Map<String, List<String>> params, int warmth) {
    /**
     * Selects a benchmark.
     *
     * @param benchmark class and method, without the package
     * @param threads how many threads
     * @return a selection with the parameters of the benchmark
     */
    public static Selection of(String benchmark, int threads) {
        return new Selection(benchmark, threads, Map.of(), 1);
    }

    /**
     * Returns this selection with other values of a parameter.
     *
     * @param name the parameter
     * @param values the values
     * @return a copy
     */
    public Selection with(String name, Object... values) {
        Map<String, List<String>> more = new LinkedHashMap<>(params);
        more.put(name, Arrays.stream(values).map(String::valueOf).toList());
        return new Selection(benchmark, threads, more, warmth);
    }

    /**
     * Returns this selection with a longer time to warm up, for benchmarks whose single operation takes long.
     *
     * @param times how many times as long as usual, at least 1
     * @return a copy
     */
    public Selection warmedUp(int times) {
        return new Selection(benchmark, threads, params, times);
    }

    void applyTo(ChainedOptionsBuilder options) {
        options.include("\\." + benchmark.replace(".", "\\.") + "$").threads(threads);
        params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    }
}
