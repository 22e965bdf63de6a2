package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Peak EWMA as Finagle has it: P2C on {@code ewma * (pending + 1)}; the average jumps to every worse sample, decays in
 * 10 s, and takes failures for answers.
 *
 * <p>With accrual, five failures in a row close a server for 5 s, as Finagle's failure accrual does at first.
 */
final class FinaglePeakEwma implements PolicyModel {
    private static final double DECAY_NANOS = 10e9;
    private static final double PENALTY = Long.MAX_VALUE >> 16;
    private static final int FAILURES = 5;
    private static final long CLOSED_NANOS = 5_000_000_000L;

    private final TwoChoices choices;
    private final boolean accrual;
    private final double[] cost;
    private final long[] stamp;
    private final int[] pending;
    private final int[] failures;
    private final long[] closedUntil;

    FinaglePeakEwma(int servers, RandomGenerator random, boolean accrual) {
        this.choices = new TwoChoices(random);
        this.accrual = accrual;
        this.cost = new double[servers];
        this.stamp = new long[servers];
        this.pending = new int[servers];
        this.failures = new int[servers];
        this.closedUntil = new long[servers];
    }

    @Override
    public void members(int[] servers) {
        choices.members(servers);
    }

    @Override
    public int choose(long now) {
        boolean any = accrual ? choices.draw(server -> isOpen(server, now)) : choices.draw();
        if (!any) {
            return -1;
        }
        int a = choices.first();
        int b = choices.second();
        if (accrual && isOpen(a, now) != isOpen(b, now)) {
            return isOpen(a, now) ? a : b;
        }
        return load(a, now) <= load(b, now) ? a : b;
    }

    private boolean isOpen(int server, long now) {
        return failures[server] < FAILURES || now - closedUntil[server] >= 0;
    }

    private double load(int server, long now) {
        observe(server, now, 0);
        if (cost[server] == 0 && pending[server] != 0) {
            return PENALTY + pending[server];
        }
        return cost[server] * (pending[server] + 1);
    }

    private void observe(int server, long now, double latency) {
        double elapsed = Math.max(0, now - stamp[server]);
        stamp[server] = now;
        if (latency > cost[server]) {
            cost[server] = latency;
        } else {
            double weight = StrictMath.exp(-elapsed / DECAY_NANOS);
            cost[server] = cost[server] * weight + latency * (1 - weight);
        }
    }

    @Override
    public void sent(int server, long now) {
        pending[server]++;
    }

    @Override
    public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        pending[server]--;
        observe(server, now, (double) latencyNanos);
        if (outcome == Outcome.SUCCESS) {
            failures[server] = 0;
        } else if (++failures[server] >= FAILURES) {
            closedUntil[server] = now + CLOSED_NANOS;
        }
    }
}
