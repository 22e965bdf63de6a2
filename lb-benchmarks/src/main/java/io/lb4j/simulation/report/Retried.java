package io.lb4j.simulation.report;

import io.lb4j.simulation.Policy;
import io.lb4j.simulation.models.Models;
import java.util.List;
import java.util.Set;

/** The scenarios in which requests fail, with clients that try a failed request once more on another server. */
final class Retried {
    private static final Set<String> SCENARIOS = Set.of("S6", "S7", "S18", "S19", "S20");

    private Retried() {}

    static List<Scenario> scenarios(List<Scenario> all) {
        return all.stream()
                .filter(each -> SCENARIOS.contains(each.id()))
                .map(Retried::once)
                .toList();
    }

    private static Scenario once(Scenario from) {
        return new Scenario(
                from.id(),
                from.title(),
                from.simulation().withRetries(1),
                from.bad(),
                from.window(),
                from.after(),
                from.judged());
    }

    static List<Policy> policies() {
        return List.of(
                Policies.leastResponseTime(),
                Policies.formula(),
                Models.dialogue(),
                Models.finaglePeakEwma(),
                Models.leastRequestTwoChoices(),
                Models.plainRoundRobin());
    }
}
