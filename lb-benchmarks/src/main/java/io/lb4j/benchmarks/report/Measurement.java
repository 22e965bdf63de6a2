package io.lb4j.benchmarks.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one benchmark took.
 *
 * @param key which one
 * @param forks the median iteration of each fork, nanoseconds per operation; at least one
 * @param bytes allocated per operation in each fork; empty if that was not measured
 */
public record Measurement(Key key, List<Double> forks, List<Double> bytes) {
    /** Copies the lists. */
    public Measurement {
        forks = List.copyOf(forks);
        bytes = List.copyOf(bytes);
        if (forks.isEmpty()) {
            throw new IllegalArgumentException(key + ": no forks (expected: at least one)");
        }
    }

    /**
     * Returns the time of the fastest fork: what else runs on a machine only ever makes a fork slower.
     *
     * @return nanoseconds per operation
     */
    public double nanos() {
        return forks.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /**
     * Returns the time of the slowest fork, so that one sees how still the machine was.
     *
     * @return nanoseconds per operation
     */
    public double slowest() {
        return forks.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /**
     * Returns the allocation: the median of the forks.
     *
     * @return bytes per operation, NaN if that was not measured
     */
    public double bytesPerOperation() {
        return bytes.isEmpty() ? Double.NaN : bytes.stream().sorted().toList().get(bytes.size() / 2);
    }

    Measurement and(Measurement more) {
        return new Measurement(
                key,
                Stream.concat(forks.stream(), more.forks.stream()).toList(),
                Stream.concat(bytes.stream(), more.bytes.stream()).toList());
    }
}
