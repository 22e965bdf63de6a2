package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * LETA as a formula alone: what {@code leastResponseTime} with the default health tracker should be worth, computed
 * anew for each choice, without plans, ticks and caches.
 */
final class LetaFormula implements PolicyModel {
    private static final double SECOND = 1e9;
    private static final double IDLE = 5 * SECOND;
    private static final double RAMP = 10 * SECOND;

    private final RandomGenerator random;
    private final Server[] servers;
    private int[] members = {};
    private double poolLatency;
    private double poolFailures;
    private int ejected;
    private boolean started;

    private static final class Server {
        double latency;
        long latencyAt;
        double failure;
        long failureAt;
        int inFlight;
        double starts;
        int failuresInRow;
        boolean out;
        long outUntil;
        int ejections;
        long ejectedAt;
        boolean trial;
        boolean ramping;
        double rampFrom;
    }

    LetaFormula(int count, RandomGenerator random) {
        this.random = random;
        this.servers = new Server[count];
        for (int i = 0; i < count; i++) {
            servers[i] = new Server();
        }
    }

    @Override
    public void members(int[] all) {
        if (started) {
            for (int each : all) {
                Server server = servers[each];
                if (Arrays.binarySearch(members, each) < 0) {
                    server.ramping = true;
                    server.rampFrom = Double.NaN;
                }
            }
        }
        members = all.clone();
        started = true;
    }

    @Override
    public int choose(long now) {
        int best = -1;
        int equal = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int each : members) {
            Server server = servers[each];
            if (server.out && (server.trial || now < server.outUntil)) {
                continue;
            }
            double cost = cost(server, now);
            if (cost < least) {
                least = cost;
                best = each;
                equal = 1;
            } else if (cost == least && random.nextInt(++equal) == 0) {
                best = each;
            }
        }
        return best < 0 && members.length > 0 ? members[random.nextInt(members.length)] : best;
    }

    private double cost(Server server, long now) {
        double cost = estimate(server, now) * (server.inFlight + 1);
        if (server.failure > 0) {
            double rate = server.failure / (1 + (now - server.failureAt) / (10 * SECOND));
            double excess = rate - Math.max(0.1, Math.min(0.3, 3 * poolFailures));
            cost *= excess > 0 ? 1 + 100 * excess : 1;
        }
        return cost / ramp(server, now);
    }

    private static double ramp(Server server, long now) {
        if (!server.ramping) {
            return 1;
        }
        server.rampFrom = Double.isNaN(server.rampFrom) ? now : server.rampFrom;
        double elapsed = now - server.rampFrom;
        server.ramping = elapsed < RAMP;
        return server.ramping ? Math.max(0.1, elapsed / RAMP) : 1;
    }

    private double estimate(Server server, long now) {
        double base = poolLatency > 0 ? poolLatency : 1e6;
        double known = server.latency == 0 ? base : relaxed(server.latency, base, (double) (now - server.latencyAt));
        return server.inFlight == 0 ? known : Math.max(known, now - server.starts / server.inFlight);
    }

    private static double relaxed(double latency, double base, double idle) {
        if (latency <= base || idle <= 0) {
            return latency;
        }
        double x = idle / IDLE;
        return base + (latency - base) / (1 + x * (1 + x));
    }

    @Override
    public void sent(int index, long now) {
        Server server = servers[index];
        server.trial |= server.out && now >= server.outUntil;
        server.inFlight++;
        server.starts += now;
    }

    @Override
    public void ended(int index, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        Server server = servers[index];
        boolean ok = outcome == Outcome.SUCCESS;
        server.inFlight--;
        server.starts = server.inFlight == 0 ? 0 : server.starts - (now - latencyNanos);
        server.failure /= 1 + (now - server.failureAt) / (10 * SECOND);
        server.failureAt = now;
        server.failure += ((ok ? 0 : 1) - server.failure) * 0.1;
        poolFailures += ((ok ? 0 : 1) - poolFailures) * 0.01;
        if (ok || latencyNanos > server.latency) {
            sample(server, now, (double) latencyNanos);
        }
        if (ok) {
            succeeded(server, now, (double) latencyNanos);
        } else {
            failed(server, now);
        }
    }

    private void sample(Server server, long now, double latency) {
        double base = poolLatency > 0 ? poolLatency : latency;
        boolean first = server.latency == 0;
        double current = first ? base : relaxed(server.latency, base, (double) (now - server.latencyAt));
        server.latency = current + (first ? 0.3 : 1 / 16.0) * (latency - current);
        server.latencyAt = now;
    }

    private void succeeded(Server server, long now, double latency) {
        poolLatency = poolLatency == 0 ? latency : poolLatency + 0.01 * (latency - poolLatency);
        server.failuresInRow = 0;
        if (server.trial) {
            server.trial = false;
            server.out = false;
            ejected--;
            server.ramping = true;
            server.rampFrom = now - RAMP / 2;
            server.failure *= 0.5;
            server.latency = Math.max(latency, poolLatency);
        } else if (server.ejections > 0 && now - server.ejectedAt > 60 * SECOND) {
            server.ejections = 0;
        }
    }

    private void failed(Server server, long now) {
        server.failuresInRow++;
        boolean again = server.trial;
        boolean due = again || (server.failuresInRow >= 5 && !server.out);
        if (!due || (!again && ejected >= Math.max(1, members.length / 2))) {
            return;
        }
        ejected += again ? 0 : 1;
        server.trial = false;
        server.out = true;
        double length = Math.min(10, StrictMath.pow(2, server.ejections++)) * SECOND;
        server.outUntil = now + (long) (length * (0.5 + 0.5 * random.nextDouble()));
        server.ejectedAt = now;
        server.failuresInRow = 0;
    }
}
