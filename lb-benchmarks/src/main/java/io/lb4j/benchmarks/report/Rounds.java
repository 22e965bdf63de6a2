package io.lb4j.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Forks in turns: each round runs every benchmark in one fork, so that what else happens on the machine meets all of
 * them alike, and the fastest forks may be compared.
 *
 * @param count how many rounds, so how many forks of each
 * @param warmups how many iterations each fork warms up
 * @param iterations how many it measures
 * @param millis how long an iteration takes
 */
public record Rounds(int count, int warmups, int iterations, int millis) {
    /** Is told how far it is. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A part is over.
         *
         * @param selection what ran
         * @param part how much of all is over, 0 to 1
         */
        void done(Selection selection, double part);
    }

    /**
     * Runs benchmarks.
     *
     * @param selections what to run
     * @param progress is told of each selection in each round
     * @return results as JMH has them, with the forks of all rounds
     * @throws RunnerException if a benchmark fails
     */
    public Collection<RunResult> run(List<Selection> selections, Progress progress) throws RunnerException {
        Map<Key, RunResult> merged = new LinkedHashMap<>();
        for (int round = 0; round < count; round++) {
            for (int i = 0; i < selections.size(); i++) {
                for (RunResult result : runOnce(selections.get(i))) {
                    merged.merge(key(result.getParams()), result, Rounds::and);
                }
                progress.done(selections.get(i), (round * selections.size() + i + 1.0) / (count * selections.size()));
            }
        }
        return merged.values();
    }

    private static RunResult and(RunResult first, RunResult second) {
        List<BenchmarkResult> forks = new ArrayList<>(first.getBenchmarkResults());
        forks.addAll(second.getBenchmarkResults());
        return new RunResult(first.getParams(), forks);
    }

    /** Not the order of BenchmarkParams: it compares the places of values in the options they were run with. */
    static Key key(BenchmarkParams benchmark) {
        Map<String, String> params = new HashMap<>();
        benchmark.getParamsKeys().forEach(name -> params.put(name, benchmark.getParam(name)));
        return Key.full(benchmark.getBenchmark(), benchmark.getThreads(), params);
    }

    private Collection<RunResult> runOnce(Selection selection) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(warmups * selection.warmth())
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        selection.applyTo(options);
        return new Runner(options.build()).run();
    }
}
