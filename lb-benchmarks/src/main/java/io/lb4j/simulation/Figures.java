package io.lb4j.simulation;

import java.util.Arrays;

/**
 * Figures of some requests. Latencies are those of successes, in milliseconds: a failure has none, so look at {@code
 * success} first.
 *
 * @param requests how many there were
 * @param success which part succeeded, 0 to 1
 * @param mean mean latency
 * @param p50 median latency
 * @param p90 90th percentile
 * @param p99 99th percentile
 * @param p999 99.9th percentile
 */
public record Figures(double requests, double success, double mean, double p50, double p90, double p99, double p999) {
    static Figures of(int requests, int[] micros) {
        Arrays.sort(micros);
        double mean = Arrays.stream(micros).average().orElse(0) / 1000;
        double success = requests == 0 ? 0 : (double) micros.length / requests;
        return new Figures(
                requests,
                success,
                mean,
                quantile(micros, 0.5),
                quantile(micros, 0.9),
                quantile(micros, 0.99),
                quantile(micros, 0.999));
    }

    private static double quantile(int[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1000.0;
    }
}
