package io.lb4j.simulation.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What least response time has to reach in a scenario.
 *
 * @param scenario the scenario's id
 * @param figure what is looked at
 * @param limit the limit, milliseconds or percent
 * @param atMost whether the limit is an upper one
 * @param value finds the figure
 */
record Target(String scenario, String figure, double limit, boolean atMost, ToDoubleFunction<Result> value) {
    static List<Target> all() {
        return List.of(
                p99("S1", 49),
                p999("S1", 72.5),
                p99("S2", 50),
                p999("S2", 80),
                new Target("S2", "share after the fault, %", 9, false, result -> result.shareAfter() * 100),
                p99("S3", 107),
                p99("S4", 64),
                p999("S4", 88),
                p999("S5", 80),
                success("S5", 100),
                success("S6", 99.9),
                success("S7", 99.9),
                p99("S8", 50),
                p999("S8", 90),
                p99("S9", 53),
                new Target("S11", "answered within 1 s, %", 99.9, false, result -> result.inTime() * 100),
                p99("S12", 45),
                p999("S12", 75),
                p99("S13", 82),
                p999("S16", 80),
                success("S18", 99),
                success("S19", 99.9),
                p99("S20", 50));
    }

    private static Target p99(String scenario, double limit) {
        return new Target(
                scenario, "p99, ms", limit, true, result -> result.window().p99());
    }

    private static Target p999(String scenario, double limit) {
        return new Target(
                scenario, "p99.9, ms", limit, true, result -> result.window().p999());
    }

    private static Target success(String scenario, double limit) {
        return new Target(
                scenario, "success, %", limit, false, result -> result.window().success() * 100);
    }

    /** Whether the figure, with all its digits, is within the limit. */
    boolean isMetBy(Result result) {
        double exact = value.applyAsDouble(result);
        return atMost ? exact <= limit : exact >= limit;
    }

    String shown(Result result) {
        return String.format(Locale.ROOT, atMost ? "%.1f" : "%.4f", value.applyAsDouble(result));
    }
}
