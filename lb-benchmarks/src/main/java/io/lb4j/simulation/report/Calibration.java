package io.lb4j.simulation.report;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.Policy;
import io.lb4j.simulation.PolicyModel;
import io.lb4j.simulation.Simulation;
import io.lb4j.simulation.SimulationBuilder;
import io.lb4j.simulation.models.Models;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The simulator against queueing theory: systems whose answer is known in closed form. */
final class Calibration {
    private static final long SEED = 1;
    private static final double MEAN_MILLIS = 10;
    private static final String SUPERMARKET = "supermarket model, load 0.9, 500 servers";

    private Calibration() {}

    /**
     * A known value and what the simulator gives.
     *
     * @param system what was simulated
     * @param value which value of it
     * @param theory the closed form
     * @param simulated the simulator's
     */
    record Row(String system, String value, double theory, double simulated) {
        double error() {
            return simulated / theory - 1;
        }
    }

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        rows.add(singleWorkers());
        rows.add(manyWorkers());
        rows.add(roundRobin());
        rows.addAll(supermarket());
        return rows;
    }

    private static SimulationBuilder exact(int servers) {
        return Simulation.servers(servers)
                .clients(1)
                .network(Duration.ZERO)
                .timeout(Duration.ofSeconds(10))
                .duration(Duration.ofSeconds(10), Duration.ofSeconds(200));
    }

    /** A Poisson stream split at random is Poisson at each server: 1 / (mu - lambda). */
    private static Row singleWorkers() {
        Simulation simulation = exact(10).workers(1).load(0.7).build();
        double mean = simulation.run(Models.plainRandom(), SEED).figures().mean();
        return new Row("M/M/1, load 0.7, random split over 10", "mean, ms", MEAN_MILLIS / (1 - 0.7), mean);
    }

    /** Erlang's C formula. */
    private static Row manyWorkers() {
        int workers = 4;
        double load = 0.8;
        Simulation simulation = exact(1).workers(workers).load(load).build();
        double mean = simulation.run(Models.plainRandom(), SEED).figures().mean();
        double offered = workers * load;
        double term = 1;
        double sum = 0;
        for (int k = 0; k < workers; k++) {
            sum += term;
            term *= offered / (k + 1);
        }
        double wait = term / (1 - load) / (sum + term / (1 - load));
        double theory = MEAN_MILLIS * (1 + wait / (workers * (1 - load)));
        return new Row("M/M/4, load 0.8", "mean, ms", theory, mean);
    }

    /** Each server gets every tenth request, so Erlang arrivals: E10/M/1. */
    private static Row roundRobin() {
        int servers = 10;
        double load = 0.8;
        Simulation simulation = exact(servers).workers(1).load(load).build();
        double mean = simulation.run(Models.plainRoundRobin(), SEED).figures().mean();
        double root = 0.5;
        for (int i = 0; i < 1000; i++) {
            root = StrictMath.pow(servers * load / (servers * load + 1 - root), servers);
        }
        return new Row("E10/M/1, load 0.8, round robin over 10", "mean, ms", MEAN_MILLIS / (1 - root), mean);
    }

    /** Two choices among very many queues: a part rho^(2^k - 1) of them has k requests or more. */
    private static List<Row> supermarket() {
        double load = 0.9;
        List<QueueSampler> samplers = new ArrayList<>();
        Policy policy = Policy.model("sampled P2C", (servers, random) -> {
            Policy.Model inner = (Policy.Model) Models.leastRequestTwoChoices().factory();
            QueueSampler sampler = new QueueSampler(servers, inner.maker().make(servers, random));
            samplers.add(sampler);
            return sampler;
        });
        Simulation simulation = exact(500)
                .workers(1)
                .load(load)
                .duration(Duration.ofSeconds(8), Duration.ofSeconds(20))
                .build();
        double mean = simulation.run(policy, SEED).figures().mean();
        double drawn = samplers.get(0).atLeast(1);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(SUPERMARKET, "s1, the load", load, drawn));
        double theory = 0;
        for (int i = 1; i < 12; i++) {
            theory += StrictMath.pow(drawn, StrictMath.pow(2, i) - 2);
        }
        rows.add(new Row(SUPERMARKET, "mean, ms, from s1", MEAN_MILLIS * theory, mean));
        for (int k = 2; k <= 5; k++) {
            double part = StrictMath.pow(drawn, StrictMath.pow(2, k) - 1);
            rows.add(new Row(
                    SUPERMARKET, "s" + k + ", from s1", part, samplers.get(0).atLeast(k)));
        }
        return rows;
    }

    /** Looks at all queues now and then; with one client and no network, what it has in flight is the queue. */
    private static final class QueueSampler implements PolicyModel {
        private static final int EVERY = 2_000;
        private static final int WARM_UP = 360_000;
        private final PolicyModel chosen;
        private final int[] queue;
        private final long[] counts = new long[64];
        private long choices;
        private long samples;

        QueueSampler(int servers, PolicyModel chosen) {
            this.queue = new int[servers];
            this.chosen = chosen;
        }

        double atLeast(int k) {
            long sum = 0;
            for (int i = k; i < counts.length; i++) {
                sum += counts[i];
            }
            return (double) sum / samples / queue.length;
        }

        @Override
        public void members(int[] servers) {
            chosen.members(servers);
        }

        @Override
        public int choose(long now) {
            if (++choices > WARM_UP && choices % EVERY == 0) {
                samples++;
                for (int length : queue) {
                    counts[Math.min(length, counts.length - 1)]++;
                }
            }
            return chosen.choose(now);
        }

        @Override
        public void sent(int server, long now) {
            queue[server]++;
            chosen.sent(server, now);
        }

        @Override
        public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
            queue[server]--;
            chosen.ended(server, now, latencyNanos, outcome, report);
        }
    }
}
