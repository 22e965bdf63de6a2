package io.lb4j.simulation.report;

import io.lb4j.simulation.Figures;
import io.lb4j.simulation.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Runs scenarios and prints their figures. */
public final class Simulate {
    private Simulate() {}

    /**
     * Runs.
     *
     * @param args settings
     */
    public static void main(String[] args) {
        List<String> ids =
                Arrays.asList(System.getProperty("scenarios", "S1,S2,S6").split(","));
        List<String> names = Arrays.asList(System.getProperty("policies", "").split(","));
        int seeds = Integer.getInteger("seeds", 1);
        List<Scenario> scenarios =
                Scenarios.all().stream().filter(s -> ids.contains(s.id())).toList();
        List<Policy> policies = Policies.all().stream()
                .filter(p -> names.get(0).isEmpty() || names.contains(p.name()))
                .toList();
        Matrix matrix = new Matrix(scenarios, policies, seeds, Integer.getInteger("threads", 1));
        List<Result> results = matrix.run((what, requests, events, seconds, left) -> System.err.printf(
                Locale.ROOT,
                "%s: %d requests, %d events in %.1f s, %.2f M events/s%n",
                what,
                requests,
                events,
                seconds,
                events / seconds / 1e6));
        for (Result r : results) {
            Figures w = r.whole();
            Figures v = r.window();
            System.out.printf(
                    Locale.ROOT,
                    "%-4s %-32s n %7.0f p50 %5.1f p90 %5.1f p99 %6.1f p999 %6.1f mean %6.2f ok %7.3f | p99 %6.1f p999 %6.1f ok %7.3f share %6.2f after %5.2f intime %7.3f%n",
                    r.scenario(),
                    r.policy(),
                    w.requests(),
                    w.p50(),
                    w.p90(),
                    w.p99(),
                    w.p999(),
                    w.mean(),
                    w.success() * 100,
                    v.p99(),
                    v.p999(),
                    v.success() * 100,
                    r.share() * 100,
                    r.shareAfter() * 100,
                    r.inTime() * 100);
        }
    }
}
