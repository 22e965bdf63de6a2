package io.lb4j.simulation.report;

import io.lb4j.simulation.Policy;
import java.util.Comparator;
import java.util.List;

/**
 * Least response time beside the best of the others in one scenario.
 *
 * <p>The others are those that need no load reports from servers and lose at most 0.1 points of success to it: who
 * fails more is not better for being fast with the rest.
 *
 * @param scenario the scenario
 * @param ours the result of least response time
 * @param best the result with the lowest p99, in the time of the fault if there is one; may be ours
 * @param formula the result of the formula alone
 */
record Comparison(Scenario scenario, Result ours, Result best, Result formula) {
    private static final double SUCCESS_LOST_AT_MOST = 0.001;

    static Comparison of(Scenario scenario, List<Result> all, List<Policy> policies) {
        List<Result> here = all.stream()
                .filter(each -> each.scenario().equals(scenario.id()))
                .toList();
        Result ours = named(here, Policies.leastResponseTime().name());
        String formula = Policies.formula().name();
        Result best = policies.stream()
                .filter(policy -> !policy.needsFeedback() && !policy.name().equals(formula))
                .map(policy -> named(here, policy.name()))
                .filter(each -> each.window().success() >= ours.window().success() - SUCCESS_LOST_AT_MOST)
                .min(Comparator.comparingDouble(each -> each.window().p99()))
                .orElse(ours);
        return new Comparison(scenario, ours, best, named(here, formula));
    }

    private static Result named(List<Result> results, String policy) {
        return results.stream()
                .filter(each -> each.policy().equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no result for " + policy));
    }

    double ratio() {
        return ours.window().p99() / best.window().p99();
    }
}
