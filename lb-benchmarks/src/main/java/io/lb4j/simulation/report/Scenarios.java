package io.lb4j.simulation.report;

import io.lb4j.simulation.Fault;
import io.lb4j.simulation.ServiceTime;
import io.lb4j.simulation.Simulation;
import io.lb4j.simulation.SimulationBuilder;
import io.lb4j.simulation.Span;
import io.lb4j.simulation.report.Scenario.Judged;
import java.time.Duration;
import java.util.List;

/**
 * The standard scenarios.
 *
 * <p>Unless it says otherwise: 10 servers with 4 workers, exponential service of 10 ms, 10 clients, 0.25 ms of network
 * each way, time-out 2 s, Poisson arrivals, 60 s recorded after 5 s of warm-up.
 */
public final class Scenarios {
    private static final Duration NONE = Duration.ZERO;

    private Scenarios() {}

    /**
     * Returns all of them.
     *
     * @return the scenarios, S1 to S22
     */
    public static List<Scenario> all() {
        return List.of(
                plain("S1", "homogeneous, load 0.8", servers(10).load(0.8)),
                faulty("S2", "one server 5 x slower", servers(10).load(0.6).fault(0, slow(5, 15, 45)), Judged.LATENCY),
                plain("S3", "heavy tail of service", servers(10).load(0.7).serviceTime(heavyTail())),
                plain(
                        "S4",
                        "herd: 200 clients, 10 servers",
                        servers(10).clients(200).load(0.85)),
                coldStart(),
                faulty("S6", "one server fails fast", servers(10).load(0.6).fault(0, refusing(15, 45)), Judged.SUCCESS),
                faulty("S7", "one server hangs", hanging(), Judged.SUCCESS),
                plain("S8", "antagonists, 50 servers, 20 clients", antagonists()),
                plain("S9", "two generations: 8 and 2 workers", generations()),
                slowAtLowConcurrency(),
                slowBackend(),
                plain("S12", "antagonists, 100 servers, 100 clients", crowd()),
                plain("S13", "herd: 1000 clients, 20 servers", herd()),
                plain("S14", "fleet: 100 servers, 50 clients", fleet()),
                plain("S15", "bimodal service: 2 or 82 ms", bimodal()),
                plain("S16", "one server 5 x slower every other 2 s", flapping()),
                plain("S17", "bursts of 20", servers(10).load(0.6).bursts(20)),
                faulty("S18", "6 of 10 servers fail fast", mostRefusing(), Judged.SUCCESS),
                faulty("S19", "30 % errors on one server", servers(10).load(0.6).fault(0, errors()), Judged.SUCCESS),
                plain("S20", "1 % errors everywhere", errorsEverywhere()),
                rolling("S21", "rolling replacement, load 0.8", 0.8, 1),
                rolling("S22", "rolling replacement, new ones 10 x slower at first, load 0.65", 0.65, 10));
    }

    private static Scenario plain(String id, String title, SimulationBuilder builder) {
        Simulation simulation = builder.build();
        return new Scenario(id, title, simulation, 0, simulation.measured(), Span.of(NONE, NONE), Judged.LATENCY);
    }

    /** A fault from 15 to 45 s, recovery looked at from 50 to 60 s. */
    private static Scenario faulty(String id, String title, SimulationBuilder builder, Judged judged) {
        Simulation simulation = builder.duration(seconds(5), seconds(55)).build();
        return new Scenario(id, title, simulation, 0, span(15, 45), span(50, 60), judged);
    }

    private static Scenario coldStart() {
        Simulation simulation = servers(10)
                .load(0.65)
                .joins(9, seconds(15))
                .fault(9, Fault.warmingUp(10, seconds(15), seconds(10)))
                .duration(seconds(5), seconds(35))
                .build();
        return new Scenario(
                "S5", "cold start, 10 x slower at first", simulation, 9, span(15, 30), span(30, 40), Judged.LATENCY);
    }

    /** From 10 s on, a server leaves and a new one joins every 3 s until all ten are new. */
    private static Scenario rolling(String id, String title, double load, double slowdown) {
        SimulationBuilder builder = servers(20).requestsPerSecond(4_000 * load);
        for (int i = 0; i < 10; i++) {
            Duration at = seconds(10 + 3 * i);
            builder.leaves(i, at).joins(10 + i, at).fault(10 + i, Fault.warmingUp(slowdown, at, seconds(10)));
        }
        Simulation simulation = builder.duration(seconds(5), seconds(55)).build();
        return new Scenario(id, title, simulation, 10, span(10, 50), span(50, 60), Judged.LATENCY);
    }

    private static SimulationBuilder hanging() {
        return servers(10).load(0.6).timeout(seconds(1)).fault(0, Fault.hanging(seconds(15), seconds(45)));
    }

    private static SimulationBuilder antagonists() {
        return servers(50)
                .clients(20)
                .serviceTime(ServiceTime.exponential(Duration.ofMillis(8)))
                .requestsPerSecond(14_000)
                .faultEverywhere(random -> Fault.antagonist(0.3, 1.5, 3.5, random))
                .timeout(seconds(5))
                .duration(seconds(5), seconds(40));
    }

    private static SimulationBuilder generations() {
        SimulationBuilder builder = servers(10).workers(8);
        for (int server = 0; server < 5; server++) {
            builder.workers(server, 2);
        }
        return builder.load(0.8);
    }

    private static Scenario slowAtLowConcurrency() {
        Simulation simulation = servers(10)
                .workers(1)
                .clients(100)
                .load(0.5)
                .fault(0, slow(5, 30, 80))
                .duration(seconds(5), seconds(100))
                .build();
        return new Scenario(
                "S10",
                "100 clients, single workers, one 5 x slower",
                simulation,
                0,
                span(30, 80),
                span(85, 95),
                Judged.LATENCY);
    }

    /** What Buoyant measured with Linkerd in 2016. */
    private static Scenario slowBackend() {
        Simulation simulation = servers(11)
                .workers(1_000)
                .clients(1)
                .serviceTime(ServiceTime.normal(Duration.ofMillis(167), Duration.ofMillis(5)))
                .requestsPerSecond(1_000)
                .timeout(seconds(10))
                .fault(0, slow(2_000 / 167.0, 15, 45))
                .duration(seconds(5), seconds(60))
                .build();
        return new Scenario(
                "S11", "Buoyant: one of 11 answers in 2 s", simulation, 0, span(15, 45), span(50, 60), Judged.IN_TIME);
    }

    private static SimulationBuilder crowd() {
        Duration typical = Duration.ofNanos(7_385_000);
        return servers(100)
                .clients(100)
                .serviceTime(ServiceTime.normal(typical, typical))
                .requestsPerSecond(30_000)
                .faultEverywhere(random -> Fault.antagonist(0.3, 1.5, 3.5, random))
                .timeout(seconds(5))
                .duration(seconds(5), seconds(20));
    }

    private static SimulationBuilder herd() {
        return servers(20).clients(1_000).load(0.9).duration(seconds(5), seconds(40));
    }

    private static SimulationBuilder fleet() {
        return servers(100).clients(50).load(0.85).duration(seconds(5), seconds(10));
    }

    private static SimulationBuilder bimodal() {
        return servers(10).load(0.75).serviceTime(ServiceTime.either(Duration.ofMillis(2), Duration.ofMillis(82), 0.1));
    }

    private static SimulationBuilder flapping() {
        return servers(10).load(0.6).fault(0, Fault.flapping(5, seconds(2)));
    }

    private static SimulationBuilder mostRefusing() {
        SimulationBuilder builder = servers(10).load(0.3);
        for (int server = 0; server < 6; server++) {
            builder.fault(server, refusing(15, 45));
        }
        return builder;
    }

    private static SimulationBuilder errorsEverywhere() {
        SimulationBuilder builder = servers(10).load(0.8).duration(seconds(5), seconds(40));
        return builder.faultEverywhere(random -> Fault.errors(0.01, NONE, seconds(1_000)));
    }

    private static ServiceTime heavyTail() {
        return ServiceTime.boundedPareto(1.2, Duration.ofMillis(10), seconds(2));
    }

    private static Fault slow(double factor, int from, int to) {
        return Fault.slow(factor, seconds(from), seconds(to));
    }

    private static Fault refusing(int from, int to) {
        return Fault.refusing(seconds(from), seconds(to));
    }

    private static Fault errors() {
        return Fault.errors(0.3, seconds(15), seconds(45));
    }

    private static SimulationBuilder servers(int count) {
        return Simulation.servers(count);
    }

    private static Span span(int from, int to) {
        return Span.of(seconds(from), seconds(to));
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
