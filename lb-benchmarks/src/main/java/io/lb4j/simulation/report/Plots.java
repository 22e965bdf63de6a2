package io.lb4j.simulation.report;

import io.lb4j.simulation.Policy;
import io.lb4j.simulation.Recording;
import io.lb4j.simulation.Span;
import io.lb4j.simulation.models.Models;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Latency and the bad server's share over time, second by second, for some scenarios and policies. */
final class Plots {
    private static final Set<String> SCENARIOS = Set.of("S2", "S5", "S6", "S7", "S11", "S16", "S18", "S21");
    private static final long SECOND = 1_000_000_000L;

    private Plots() {}

    static List<Policy> policies() {
        return List.of(
                Policies.leastResponseTime(),
                Models.nginxLeastTime(),
                Models.finaglePeakEwma(),
                Models.leastRequestTwoChoices(),
                Models.plainRoundRobin());
    }

    static List<Scenario> scenarios(List<Scenario> all) {
        return all.stream().filter(each -> SCENARIOS.contains(each.id())).toList();
    }

    /** The plots of a scenario by file name. */
    static Map<String, String> of(Scenario scenario, long seed) {
        Span time = scenario.simulation().measured();
        boolean seldom = scenario.judged() == Scenario.Judged.IN_TIME;
        LinePlot latency = new LinePlot(
                scenario + ": p99 in each second, ms", time, true, seldom ? 100 : 10, seldom ? 5000 : 2000);
        LinePlot share = new LinePlot(scenario + ": share of the bad server, %", time, false, 0, mostShare(scenario));
        LinePlot success = new LinePlot(scenario + ": success in each second, %", time, false, 0, 100);
        if (scenario.hasWindow()) {
            List.of(latency, share, success).forEach(plot -> plot.shade(scenario.window()));
        }
        for (Policy policy : policies()) {
            Recording recording = scenario.simulation().run(policy, seed);
            latency.line(
                    policy.name(),
                    each(recording, (all, span) -> all.figures(span).p99()));
            share.line(policy.name(), each(recording, (all, span) -> all.share(scenario.bad(), span) * 100));
            success.line(
                    policy.name(),
                    each(recording, (all, span) -> all.figures(span).success() * 100));
        }
        Map<String, String> files = new LinkedHashMap<>();
        files.put(scenario.id() + "-latency.svg", latency.svg());
        files.put(scenario.id() + "-share.svg", share.svg());
        if (scenario.judged() == Scenario.Judged.SUCCESS) {
            files.put(scenario.id() + "-success.svg", success.svg());
        }
        return files;
    }

    private static double mostShare(Scenario scenario) {
        return scenario.id().equals("S6") ? 100 : 20;
    }

    private static double[] each(Recording recording, BiFunction<Recording, Span, Double> figure) {
        Span time = recording.measured();
        double[] values = new double[(int) ((time.to() - time.from()) / SECOND)];
        for (int i = 0; i < values.length; i++) {
            long from = time.from() + i * SECOND;
            values[i] = figure.apply(recording, new Span(from, from + SECOND));
        }
        return values;
    }
}
