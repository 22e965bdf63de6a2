package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * P2C with ServiceTalk's score: peak EWMA in whole milliseconds with a half-life of 10 s, times the requests in flight
 * and one more; an error counts ten times the worse of average and latency; the wait of a request in flight is a floor.
 * Five failures in a row close a server for 5 s, standing in for its outlier detector.
 */
final class ServiceTalkEwma implements PolicyModel {
    private static final double INVERSE_TAU = StrictMath.log(2) / 10e9;
    private static final long ERROR_PENALTY = 10;
    private static final int FAILURES = 5;
    private static final long CLOSED_NANOS = 5_000_000_000L;

    private final TwoChoices choices;
    private final long[] ewma;
    private final long[] updated;
    private final int[] inFlight;
    /** When the oldest known request in flight began; forgotten with each answer. */
    private final long[] waitingSince;

    private final boolean[] waiting;
    private final int[] failures;
    private final long[] closedUntil;

    ServiceTalkEwma(int servers, RandomGenerator random) {
        this.choices = new TwoChoices(random);
        this.ewma = new long[servers];
        this.updated = new long[servers];
        this.inFlight = new int[servers];
        this.waitingSince = new long[servers];
        this.waiting = new boolean[servers];
        this.failures = new int[servers];
        this.closedUntil = new long[servers];
    }

    @Override
    public void members(int[] servers) {
        choices.members(servers);
    }

    @Override
    public int choose(long now) {
        if (!choices.draw(server -> isOpen(server, now))) {
            return -1;
        }
        int a = choices.first();
        int b = choices.second();
        if (isOpen(a, now) != isOpen(b, now)) {
            return isOpen(a, now) ? a : b;
        }
        return score(a, now) <= score(b, now) ? a : b;
    }

    private boolean isOpen(int server, long now) {
        return failures[server] < FAILURES || now - closedUntil[server] >= 0;
    }

    /** Lower is better. */
    private double score(int server, long now) {
        double average = ewma[server] == 0 ? 0 : Math.ceil(ewma[server] * weight(server, now));
        if (average == 0) {
            return inFlight[server] == 0 ? 0 : Double.MAX_VALUE;
        }
        if (inFlight[server] > 0 && waiting[server]) {
            average = Math.max(average, (double) millis(now - waitingSince[server]));
        }
        return average * (inFlight[server] + 1);
    }

    private double weight(int server, long now) {
        return StrictMath.exp(-(now - updated[server]) * INVERSE_TAU);
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    @Override
    public void sent(int server, long now) {
        inFlight[server]++;
        if (!waiting[server]) {
            waiting[server] = true;
            waitingSince[server] = now;
        }
    }

    @Override
    public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        inFlight[server]--;
        waiting[server] = false;
        boolean ok = outcome == Outcome.SUCCESS;
        long latency = ok ? millis(latencyNanos) : Math.max(ewma[server], millis(latencyNanos)) * ERROR_PENALTY;
        double weight = weight(server, now);
        long decayed = (long) Math.ceil(ewma[server] * weight + latency * (1 - weight));
        ewma[server] = Math.min(Integer.MAX_VALUE, latency > ewma[server] ? latency : decayed);
        updated[server] = now;
        failures[server] = ok ? 0 : failures[server] + 1;
        if (failures[server] >= FAILURES) {
            closedUntil[server] = now + CLOSED_NANOS;
        }
    }
}
