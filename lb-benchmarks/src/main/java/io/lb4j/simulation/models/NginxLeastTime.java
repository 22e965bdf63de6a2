package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * NGINX {@code least_time last_byte inflight}: the least {@code time * (connections + 1)}, where the time is an average of
 * answers (a twentieth each), rounded up, halved for each 10 s without a request, and not less than the average wait of
 * what is in flight; equal servers take turns. An error answer counts as an answer; a time-out takes a server out for
 * 10 s.
 *
 * <p>NGINX rounds to 20 ms; this rounds to 2 ms, since the simulated answers are that much faster.
 */
final class NginxLeastTime implements PolicyModel {
    private static final double QUANTUM_NANOS = 2e6;
    private static final double MOST_NANOS = 5e9;
    private static final long FAIL_TIMEOUT_NANOS = 10_000_000_000L;

    private final double[] time;
    private final double[] inFlightTime;
    private final double[] waited;
    private final long[] changed;
    private final int[] inFlight;
    private final long[] checked;
    private final boolean[] failed;
    private final int[] turn;
    private int[] members = {};

    NginxLeastTime(int servers, RandomGenerator random) {
        this.time = new double[servers];
        this.inFlightTime = new double[servers];
        this.waited = new double[servers];
        this.changed = new long[servers];
        this.inFlight = new int[servers];
        this.checked = new long[servers];
        this.failed = new boolean[servers];
        this.turn = random.ints(servers, 0, servers).toArray();
    }

    @Override
    public void members(int[] servers) {
        members = servers.clone();
    }

    @Override
    public int choose(long now) {
        double least = Double.MAX_VALUE;
        int best = -1;
        int equal = 0;
        for (int server : members) {
            if (failed[server] && now - checked[server] <= FAIL_TIMEOUT_NANOS) {
                continue;
            }
            measureWait(server, now);
            double cost = cost(server, now);
            if (cost < least) {
                least = cost;
                best = server;
                equal = 1;
            } else if (cost == least) {
                equal++;
            }
        }
        return equal > 1 ? nextInTurn(least, now) : best < 0 && members.length > 0 ? members[0] : best;
    }

    private void measureWait(int server, long now) {
        if (inFlight[server] > 0) {
            double mean = waited[server] / inFlight[server] + (now - changed[server]);
            inFlightTime[server] = average(inFlightTime[server], mean);
        }
    }

    private static double average(double before, double sample) {
        return before == 0 ? sample : before + (sample - before) / 20;
    }

    private double cost(int server, long now) {
        double expected = time[server];
        long idle = now - checked[server];
        if (idle > FAIL_TIMEOUT_NANOS) {
            expected /= 1L << Math.min(40, idle / (FAIL_TIMEOUT_NANOS + 1_000_000_000L));
        }
        if (inFlight[server] > 0) {
            expected = Math.max(expected, inFlightTime[server]);
        }
        double rounded =
                expected > MOST_NANOS ? MOST_NANOS : (Math.floor(expected / QUANTUM_NANOS) + 1) * QUANTUM_NANOS;
        return rounded * (1 + inFlight[server]);
    }

    /** Smooth round robin among the servers of this cost. */
    private int nextInTurn(double least, long now) {
        int best = -1;
        int total = 0;
        for (int server : members) {
            boolean out = failed[server] && now - checked[server] <= FAIL_TIMEOUT_NANOS;
            if (!out && cost(server, now) == least) {
                turn[server]++;
                total++;
                best = best < 0 || turn[server] > turn[best] ? server : best;
            }
        }
        turn[best] -= total;
        return best;
    }

    @Override
    public void sent(int server, long now) {
        waited[server] += (double) (now - changed[server]) * inFlight[server];
        changed[server] = now;
        inFlight[server]++;
        if (now - checked[server] > FAIL_TIMEOUT_NANOS) {
            checked[server] = now;
        }
    }

    @Override
    public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        waited[server] += (double) (now - changed[server]) * inFlight[server] - latencyNanos;
        changed[server] = now;
        inFlight[server]--;
        waited[server] = inFlight[server] == 0 ? 0 : waited[server];
        if (outcome == Outcome.TIMED_OUT) {
            failed[server] = true;
            checked[server] = now;
        } else {
            failed[server] = false;
            time[server] = average(time[server], (double) latencyNanos);
        }
    }
}
