package io.lb4j.simulation.report;

import io.lb4j.simulation.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the standard scenarios: {@code scripts/simulate} says how.
 *
 * <p>{@code report <directory>} writes simulation.md and what belongs to it, {@code short <directory>} only the short
 * table that a test compares, {@code show <scenarios> <seeds> [policy...]} prints figures.
 */
public final class Simulate {
    private static final int SEEDS = 3;

    private Simulate() {}

    /**
     * Runs.
     *
     * @param args see above
     * @throws IOException if files cannot be written
     */
    public static void main(String[] args) throws IOException {
        List<String> words = Arrays.asList(args);
        switch (words.isEmpty() ? "" : words.get(0)) {
            case "report" -> report(Path.of(words.get(1)));
            case "short" -> writeShort(Path.of(words.get(1)));
            case "show" -> show(words.get(1), Integer.parseInt(words.get(2)), words.subList(3, words.size()));
            default ->
                throw new IllegalArgumentException("expected: report <dir> | short <dir> | show S1,S2 3 [policy...]");
        }
    }

    private static void report(Path directory) throws IOException {
        List<Scenario> scenarios = Scenarios.all();
        List<Policy> policies = Policies.all();
        List<Result> results = run(scenarios, policies, SEEDS);
        List<Result> retried = run(Retried.scenarios(scenarios), Retried.policies(), SEEDS);
        List<Result> slowStarts = run(SlowStarts.scenarios(scenarios), SlowStarts.policies(), SEEDS);
        Path details = Files.createDirectories(directory.resolve("simulation"));
        for (Scenario scenario : Plots.scenarios(scenarios)) {
            for (Map.Entry<String, String> file :
                    Plots.of(scenario, Matrix.FIRST_SEED).entrySet()) {
                Files.writeString(details.resolve(file.getKey()), file.getValue());
            }
        }
        Files.writeString(details.resolve("results.csv"), ResultTable.csv(results));
        String report =
                new Report(scenarios, policies, results, retried, slowStarts, Calibration.all(), SEEDS).markdown();
        Files.writeString(directory.resolve("simulation.md"), report);
        writeShort(directory);
    }

    private static void writeShort(Path directory) throws IOException {
        Path details = Files.createDirectories(directory.resolve("simulation"));
        Files.writeString(details.resolve("short.csv"), shortTable());
    }

    /** The table that a test compares: a few scenarios and policies, one seed. */
    static String shortTable() {
        List<String> ids = List.of("S2", "S5", "S6", "S10", "S18");
        List<Scenario> scenarios =
                Scenarios.all().stream().filter(each -> ids.contains(each.id())).toList();
        List<String> names = List.of("leastResponseTime", "leastRequests", "roundRobin", "LETA, formula alone");
        List<Policy> policies = Policies.all().stream()
                .filter(each -> names.contains(each.name()))
                .toList();
        return ResultTable.csv(
                new Matrix(scenarios, policies, 1, 1).run((what, requests, events, seconds, left) -> {}));
    }

    private static void show(String ids, int seeds, List<String> names) {
        List<String> wanted = Arrays.asList(ids.split(","));
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(each -> wanted.contains(each.id()))
                .toList();
        List<Policy> policies = Policies.all().stream()
                .filter(each -> names.isEmpty() || names.contains(each.name()))
                .toList();
        System.out.print(ResultTable.csv(run(scenarios, policies, seeds)));
    }

    private static List<Result> run(List<Scenario> scenarios, List<Policy> policies, int seeds) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
        long begin = System.nanoTime();
        int all = scenarios.size() * policies.size();
        List<Result> results = new Matrix(scenarios, policies, seeds, threads)
                .run((what, requests, events, seconds, left) -> {
                    double gone = (System.nanoTime() - begin) / 1e9;
                    double rest = gone / (all - left) * left;
                    System.err.printf(
                            Locale.ROOT,
                            "%3d %%  about %.0f s left  %-40s %,d requests, %.1f M events/s%n",
                            100 * (all - left) / all,
                            rest,
                            what,
                            requests,
                            events / seconds / 1e6);
                });
        return results;
    }
}
