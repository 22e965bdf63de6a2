package io.lb4j.simulation;

import io.lb4j.balance.Balancers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * An example: which algorithm suits my servers? Start it with {@code scripts/simulate own}.
 *
 * <p>Six servers, one of them with half of the workers, and one that is five times slower for a minute.
 */
public final class OwnServers {
    private OwnServers() {}

    /**
     * Runs the example.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Simulation servers = Simulation.servers(6)
                .workers(8)
                .workers(5, 4)
                .clients(20)
                .load(0.7)
                .serviceTime(ServiceTime.exponential(Duration.ofMillis(25)))
                .fault(0, Fault.slow(5, Duration.ofSeconds(30), Duration.ofSeconds(90)))
                .retries(1)
                .duration(Duration.ofSeconds(10), Duration.ofSeconds(110))
                .build();
        List<Policy> policies = List.of(
                Policy.product("round robin", Balancers::roundRobin),
                Policy.product("least requests", Balancers::leastRequests),
                Policy.product("least response time", Balancers::leastResponseTime));
        for (Policy policy : policies) {
            Recording recording = servers.run(policy, 1, part -> System.err.printf("\r%3.0f %%", part * 100));
            Figures figures = recording.figures();
            System.out.printf(
                    Locale.ROOT,
                    "\r%-20s success %.2f %%  p50 %.0f ms  p99 %.0f ms  to the slow server %.1f %%%n",
                    policy.name(),
                    figures.success() * 100,
                    figures.p50(),
                    figures.p99(),
                    recording.share(0, Span.of(Duration.ofSeconds(30), Duration.ofSeconds(90))) * 100);
        }
    }
}
