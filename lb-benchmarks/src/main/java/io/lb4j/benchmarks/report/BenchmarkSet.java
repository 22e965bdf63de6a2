package io.lb4j.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The sets of benchmarks that {@code scripts/benchmark} runs.
 *
 * @param title in words
 * @param selections what is run
 * @param rounds how often and how long
 */
record BenchmarkSet(String title, List<Selection> selections, Rounds rounds) {
    private static final String PICK = "PickBenchmark.pick";
    private static final String CYCLE = "LeaseBenchmark.cycle";
    /** A call takes 50,000 ns: in the usual time it is not made often enough to be compiled. */
    private static final int CALL_WARMTH = 4;

    /** What the targets need, in less than five minutes. */
    static BenchmarkSet quick() {
        return new BenchmarkSet("The quick set", quickSelections(), new Rounds(5, 16, 8, 50));
    }

    private static List<Selection> quickSelections() {
        List<Selection> all = new ArrayList<>(floors());
        for (int threads : new int[] {1, 2}) {
            all.add(pick(threads)
                    .with("algorithm", "roundRobin")
                    .with("endpoints", 10)
                    .with("weights", "equal"));
            all.add(pick(threads)
                    .with("algorithm", "weightedRoundRobin")
                    .with("endpoints", 10)
                    .with("weights", "skewed"));
            all.add(cycle(threads)
                    .with("algorithm", "random", "leastResponseTime")
                    .with("endpoints", 10)
                    .with("ejected", 0));
        }
        all.add(pick(1).with("algorithm", "weightedRandom", "maglev")
                .with("endpoints", 10)
                .with("weights", "equal"));
        all.add(pick(1).with("algorithm", "weightedRandom", "maglev")
                .with("endpoints", 1000)
                .with("weights", "skewed"));
        all.add(pick(1).with("algorithm", "leastRequests", "leastResponseTime")
                .with("endpoints", 100)
                .with("weights", "equal"));
        all.add(cycle(1).with("algorithm", "leastRequests", "leastResponseTime")
                .with("endpoints", 100)
                .with("ejected", 0));
        all.add(cycle(1).with("algorithm", "leastResponseTime")
                .with("endpoints", 10)
                .with("ejected", 1));
        all.add(Selection.of("HashBenchmark.ringLookup", 1));
        all.add(Selection.of("HashBenchmark.binarySearch", 1));
        all.add(Selection.of("InterceptorBenchmark.canned", 1));
        all.add(Selection.of("InterceptorBenchmark.loopback", 1).warmedUp(CALL_WARMTH));
        return all;
    }

    /** Everything. */
    static BenchmarkSet all() {
        List<Selection> all = new ArrayList<>(floors());
        for (int threads : new int[] {1, 2}) {
            all.add(pick(threads));
            all.add(cycle(threads));
        }
        all.add(Selection.of("UpdateBenchmark.cycle", 1));
        all.add(Selection.of("PrepareBenchmark.prepare", 1));
        all.add(Selection.of("PrepareBenchmark.deliver", 1).with("weights", "equal"));
        all.add(Selection.of("HashBenchmark.ringLookup", 1));
        all.add(Selection.of("HashBenchmark.binarySearch", 1));
        all.add(Selection.of("HashBenchmark.hash", 1));
        all.add(Selection.of("HashBenchmark.mix", 1));
        all.add(Selection.of("InterceptorBenchmark.canned", 1));
        all.add(Selection.of("InterceptorBenchmark.loopback", 1).warmedUp(CALL_WARMTH));
        return new BenchmarkSet("All benchmarks", all, new Rounds(5, 10, 10, 100));
    }

    private static List<Selection> floors() {
        List<Selection> floors = new ArrayList<>();
        for (Key floor : List.of(Floors.ATOMIC, Floors.RANDOM, Floors.RANDOM_HASHED, Floors.CLOCK)) {
            floors.add(Selection.of(floor.benchmark(), 1));
            floors.add(Selection.of(floor.benchmark(), 2));
        }
        return floors;
    }

    private static Selection pick(int threads) {
        return Selection.of(PICK, threads);
    }

    private static Selection cycle(int threads) {
        return Selection.of(CYCLE, threads);
    }
}
