package io.lb4j.examples.demo;

import io.lb4j.Balancer;
import io.lb4j.balance.Balancers;
import java.io.IOException;
import java.time.Duration;

/**
 * The same scenario under two algorithms, one after the other.
 *
 * @param first round robin
 * @param second least response time
 */
public record Comparison(RunSummary first, RunSummary second) {
    private static final String FIRST = "round robin";
    private static final String SECOND = "least response time";
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(2);

    /** Runs both; stops everything and throws if interrupted. */
    public static Comparison run(Scenario scenario, Screen screen) throws IOException, InterruptedException {
        screen.line("warming up; not counted");
        warmUp(FIRST, Balancers.roundRobin(), scenario);
        warmUp(SECOND, Balancers.leastResponseTime(), scenario);
        RunSummary first = measure(FIRST, Balancers.roundRobin(), scenario, screen);
        RunSummary second = measure(SECOND, Balancers.leastResponseTime(), scenario, screen);
        return new Comparison(first, second);
    }

    private static void warmUp(String algorithm, Balancer balancer, Scenario scenario)
            throws IOException, InterruptedException {
        Duration quarter = scenario.length().dividedBy(4);
        Duration length = quarter.compareTo(LONGEST_WARM_UP) > 0 ? LONGEST_WARM_UP : quarter;
        new Run(algorithm, balancer, scenario.with(length, scenario.seed() + 1), Screen.none()).withoutFaults();
    }

    private static RunSummary measure(String algorithm, Balancer balancer, Scenario scenario, Screen screen)
            throws IOException, InterruptedException {
        screen.line("");
        screen.line(screen.bold(algorithm));
        return new Run(algorithm, balancer, scenario, screen).withFaults();
    }
}
