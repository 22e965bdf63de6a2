package io.lb4j.simulation.report;

import io.lb4j.balance.Balancers;
import io.lb4j.simulation.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Least response time with other slow starts, in the scenarios in which servers join. */
final class SlowStarts {
    private static final Set<String> SCENARIOS = Set.of("S5", "S21", "S22");

    private SlowStarts() {}

    static List<Scenario> scenarios(List<Scenario> all) {
        return all.stream().filter(each -> SCENARIOS.contains(each.id())).toList();
    }

    static List<Policy> policies() {
        return List.of(
                with("10 s from 10 %, the default", 10, 0.1), with("10 s from 50 %", 10, 0.5), with("none", 0, 1));
    }

    private static Policy with(String name, int seconds, double least) {
        Duration ramp = Duration.ofSeconds(seconds);
        return Policy.product(
                name, Balancers::leastResponseTime, Policy::defaultHealth, settings -> settings.slowStart(ramp, least));
    }
}
