package io.lb4j.simulation.report;

import io.lb4j.simulation.Figures;
import io.lb4j.simulation.Policy;
import io.lb4j.simulation.report.Scenario.Judged;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The report as Markdown. */
final class Report {
    private static final double TOLERATED = 1.03;
    private static final int COLUMNS = 6;

    private final List<Scenario> scenarios;
    private final List<Policy> policies;
    private final List<Result> results;
    private final List<Result> retried;
    private final List<Result> slowStarts;
    private final List<Calibration.Row> calibration;
    private final int seeds;
    private final StringBuilder text = new StringBuilder();

    Report(
            List<Scenario> scenarios,
            List<Policy> policies,
            List<Result> results,
            List<Result> retried,
            List<Result> slowStarts,
            List<Calibration.Row> calibration,
            int seeds) {
        this.scenarios = scenarios;
        this.policies = policies;
        this.results = results;
        this.retried = retried;
        this.slowStarts = slowStarts;
        this.calibration = calibration;
        this.seeds = seeds;
    }

    String markdown() {
        text.append(Prose.introduction(seeds));
        line("## Least response time beside the best of the others", "");
        text.append(Prose.comparison());
        comparisons();
        text.append(Prose.exceptions());
        line("", "## Targets", "");
        text.append(Prose.targets());
        targets();
        line("", "## All policies", "");
        text.append(Prose.tables());
        for (int from = 0; from < scenarios.size(); from += COLUMNS) {
            table(scenarios.subList(from, Math.min(scenarios.size(), from + COLUMNS)));
        }
        line("## With one retry", "");
        text.append(Prose.retries());
        retries();
        line("", "## Slow start", "");
        text.append(Prose.slowStarts());
        slowStarts();
        line("", "## Over time", "");
        text.append(Prose.plots());
        plots();
        line("## Can the simulator be trusted?", "");
        text.append(Prose.calibration());
        calibrations();
        line("");
        text.append(Prose.limits());
        return text.toString();
    }

    private void comparisons() {
        row("scenario", "least response time", "formula alone", "best of the others", "", "ratio of p99", "prototype");
        row("---", "---:", "---:", "---", "---:", "---:", "---:");
        Map<String, Prototype.Row> prototype = Prototype.rows();
        for (Scenario scenario : scenarios) {
            Comparison each = Comparison.of(scenario, results, policies);
            boolean ours = each.best().equals(each.ours());
            row(
                    scenario.toString(),
                    cell(each.ours(), scenario),
                    cell(each.formula(), scenario),
                    ours ? "none is better" : each.best().policy(),
                    ours ? "" : cell(each.best(), scenario),
                    format(each.ratio() > TOLERATED ? "**%.3f**" : "%.3f", each.ratio()),
                    deviation(each.ours().window(), prototype.get(scenario.id())));
        }
    }

    private static String deviation(Figures ours, Prototype.@Nullable Row row) {
        if (row == null) {
            return "";
        }
        return format("%+.1f / %+.1f %%", (ours.p99() / row.p99() - 1) * 100, (ours.p999() / row.p999() - 1) * 100);
    }

    private void targets() {
        row("scenario", "figure", "target", "simulated", "");
        row("---", "---", "---:", "---:", "---");
        for (Target target : Target.all()) {
            Result result = result(
                    results, target.scenario(), Policies.leastResponseTime().name());
            row(
                    target.scenario(),
                    target.figure(),
                    format(target.atMost() ? "<= %s" : ">= %s", target.limit()),
                    target.shown(result),
                    target.isMetBy(result) ? "met" : "**missed**");
        }
    }

    private void table(List<Scenario> some) {
        StringJoiner head = new StringJoiner(" | ", "| policy | ", " |");
        some.forEach(each -> head.add(each.toString()));
        line(head.toString(), "|---|" + "---:|".repeat(some.size()));
        for (Policy policy : policies) {
            StringJoiner cells = new StringJoiner(" | ", "| ", " |");
            cells.add(shown(policy));
            some.forEach(each -> cells.add(cell(result(results, each.id(), policy.name()), each)));
            line(cells.toString());
        }
        line("");
    }

    private void retries() {
        row("policy", "S6", "S7", "S18", "S19", "S20");
        row("---", "---:", "---:", "---:", "---:", "---:");
        for (Policy policy : Retried.policies()) {
            StringJoiner cells = new StringJoiner(" | ", "| ", " |");
            cells.add(shown(policy));
            for (String id : List.of("S6", "S7", "S18", "S19", "S20")) {
                Figures window = result(retried, id, policy.name()).window();
                cells.add(format("%.3f %%, p99 %.1f", window.success() * 100, window.p99()));
            }
            line(cells.toString());
        }
    }

    private void slowStarts() {
        List<Scenario> some = SlowStarts.scenarios(scenarios);
        StringJoiner head = new StringJoiner(" | ", "| slow start | ", " |");
        some.forEach(each -> head.add(each.toString()));
        line(head.toString(), "|---|" + "---:|".repeat(some.size()));
        for (Policy policy : SlowStarts.policies()) {
            StringJoiner cells = new StringJoiner(" | ", "| ", " |");
            cells.add(policy.name());
            some.forEach(each -> cells.add(cell(result(slowStarts, each.id(), policy.name()), each)));
            line(cells.toString());
        }
    }

    private void plots() {
        for (Scenario scenario : Plots.scenarios(scenarios)) {
            line("### " + scenario, "");
            line("![latency over time](simulation/" + scenario.id() + "-latency.svg)", "");
            line("![share of the bad server](simulation/" + scenario.id() + "-share.svg)", "");
            if (scenario.judged() == Judged.SUCCESS) {
                line("![success over time](simulation/" + scenario.id() + "-success.svg)", "");
            }
        }
    }

    private void calibrations() {
        row("system", "value", "theory", "simulated", "error");
        row("---", "---", "---:", "---:", "---:");
        for (Calibration.Row each : calibration) {
            row(
                    each.system(),
                    each.value(),
                    format("%.4f", each.theory()),
                    format("%.4f", each.simulated()),
                    format("%+.1f %%", each.error() * 100));
        }
        for (String policy : List.of("plain round robin", "P2C least request", "leastRequests", "Finagle peak EWMA")) {
            double part = result(results, "S11", policy).inTime();
            row("Buoyant's test (S11)", policy + ", % within 1 s", published(policy), format("%.2f", part * 100), "");
        }
    }

    private static String published(String policy) {
        return switch (policy) {
            case "plain round robin" -> "about 95";
            case "Finagle peak EWMA" -> "99.9";
            default -> "99 to 99.5";
        };
    }

    private static String cell(Result result, Scenario scenario) {
        Figures window = result.window();
        String success = format(window.success() >= 0.99995 ? "" : " (%.2f %%)", window.success() * 100);
        return switch (scenario.judged()) {
            case LATENCY -> format("%.1f / %.1f", window.p99(), window.p999()) + success;
            case SUCCESS -> format("%.2f %%, p99 %.1f", window.success() * 100, window.p99());
            case IN_TIME -> format("%.2f %% in 1 s, p99 %.1f", result.inTime() * 100, window.p99());
        };
    }

    private static String shown(Policy policy) {
        String name = policy.origin() == Policy.Origin.PRODUCT ? "`" + policy.name() + "`" : policy.name();
        return policy.needsFeedback() ? name + " *" : name;
    }

    private static Result result(List<Result> all, String scenario, String policy) {
        return all.stream()
                .filter(each ->
                        each.scenario().equals(scenario) && each.policy().equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no result for " + scenario + " " + policy));
    }

    private void row(String... cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String... lines) {
        for (String each : lines) {
            text.append(each).append('\n');
        }
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
