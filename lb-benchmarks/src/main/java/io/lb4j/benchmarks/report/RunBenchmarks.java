package io.lb4j.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs benchmarks: {@code scripts/benchmark} says how.
 *
 * <p>{@code quick <directory>} and {@code all <directory>} run a set and write JMH's JSON and tables beside it;
 * {@code table <json>...} prints the tables of files written before, by JMH itself too.
 */
public final class RunBenchmarks {
    private RunBenchmarks() {}

    /**
     * Runs.
     *
     * @param args see above
     * @throws IOException if files cannot be read or written
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws IOException, RunnerException {
        List<String> words = Arrays.asList(args);
        switch (words.isEmpty() ? "" : words.get(0)) {
            case "quick" -> run(BenchmarkSet.quick(), "quick", Path.of(words.get(1)));
            case "all" -> run(BenchmarkSet.all(), "all", Path.of(words.get(1)));
            case "table" ->
                System.out.print(tables(Measurements.read(
                        words.subList(1, words.size()).stream().map(Path::of).toList())));
            default -> throw new IllegalArgumentException("expected: quick <dir> | all <dir> | table <json>...");
        }
    }

    private static void run(BenchmarkSet set, String name, Path directory) throws IOException, RunnerException {
        String conditions = conditions(set);
        long begin = System.nanoTime();
        var results = set.rounds().run(set.selections(), (selection, part) -> {
            double gone = (System.nanoTime() - begin) / 1e9;
            System.err.printf(
                    Locale.ROOT,
                    "%3.0f %%  about %.0f s left  %s%n",
                    100 * part,
                    gone / part * (1 - part),
                    selection.benchmark());
        });
        Path json = Files.createDirectories(directory).resolve(name + ".json");
        ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(results);
        String tables = tables(Measurements.read(List.of(json)));
        Files.writeString(directory.resolve(name + ".md"), "# " + set.title() + "\n\n" + conditions + "\n" + tables);
        System.out.print(tables);
    }

    private static String tables(Measurements measured) {
        ResultTable table = new ResultTable(measured, Floors::of);
        return "## Targets\n\n" + table.verdicts(Targets.all()) + "## Results\n\n" + table.markdown();
    }

    /** What one has to know of the machine; the load tells whether anything else ran. */
    private static String conditions(BenchmarkSet set) {
        var machine = ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "Written by `scripts/benchmark`. %s %s, %d processors (%s), load average at the start %.1f. %d forks in turns,"
                        + " each %d x %d ms after %d x %d ms of warming up. Times are the median iteration of the fastest fork.%n",
                System.getProperty("java.vm.name"),
                System.getProperty("java.version"),
                machine.getAvailableProcessors(),
                machine.getArch(),
                machine.getSystemLoadAverage(),
                set.rounds().count(),
                set.rounds().iterations(),
                set.rounds().millis(),
                set.rounds().warmups(),
                set.rounds().millis());
    }
}
