package io.lb4j.simulation.report;

import io.lb4j.simulation.Policy;
import io.lb4j.simulation.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Runs every policy in every scenario with every seed.
 *
 * @param scenarios the scenarios
 * @param policies the policies
 * @param seeds how many seeds, from {@link #FIRST_SEED} on
 * @param threads how many runs at a time; changes no result
 */
record Matrix(List<Scenario> scenarios, List<Policy> policies, int seeds, int threads) {
    static final long FIRST_SEED = 1_000;

    /** Is told of each finished run. */
    interface Progress {
        /** A run has ended. */
        void done(String what, long requests, long events, double seconds, int left);
    }

    List<Result> run(Progress progress) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Result>> results = new ArrayList<>();
            int[] left = {scenarios.size() * policies.size()};
            for (Scenario scenario : scenarios) {
                for (Policy policy : policies) {
                    results.add(pool.submit(() -> run(scenario, policy, progress, left)));
                }
            }
            List<Result> all = new ArrayList<>();
            for (Future<Result> result : results) {
                all.add(result.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private Result run(Scenario scenario, Policy policy, Progress progress, int[] left) {
        long begin = System.nanoTime();
        long[] events = {0};
        List<Result> results = LongStream.range(FIRST_SEED, FIRST_SEED + seeds)
                .mapToObj(seed -> {
                    Recording recording = scenario.simulation().run(policy, seed);
                    events[0] += recording.events();
                    return Result.of(scenario, policy.name(), recording);
                })
                .toList();
        Result mean = Result.mean(results);
        synchronized (left) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            long requests = (long) (mean.whole().requests() * seeds);
            progress.done(scenario.id() + " " + policy.name(), requests, events[0], seconds, --left[0]);
        }
        return mean;
    }
}
