package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Dialogue's BALANCED: the least of {@code inFlight + round(10 * recent failures)} over all servers; failures halve in
 * 30 s, in steps of 3 s. Without its concurrency limits and its give-up rule, which queue at the client.
 */
final class DialogueBalanced implements PolicyModel {
    private static final long STEP_NANOS = 3_000_000_000L;
    private static final double STEP_FACTOR = StrictMath.pow(0.5, 0.1);
    private static final int FAILURE_WEIGHT = 10;

    private final RandomGenerator random;
    private final int[] inFlight;
    private final double[] failures;
    private int[] members = {};
    private long steppedAt;
    private boolean started;

    DialogueBalanced(int servers, RandomGenerator random) {
        this.random = random;
        this.inFlight = new int[servers];
        this.failures = new double[servers];
    }

    @Override
    public void members(int[] servers) {
        members = servers.clone();
    }

    @Override
    public int choose(long now) {
        forget(now);
        int best = -1;
        int equal = 0;
        long least = Long.MAX_VALUE;
        for (int server : members) {
            long score = inFlight[server] + Math.round(FAILURE_WEIGHT * failures[server]);
            if (score < least) {
                least = score;
                best = server;
                equal = 1;
            } else if (score == least && random.nextInt(++equal) == 0) {
                best = server;
            }
        }
        return best;
    }

    private void forget(long now) {
        if (!started) {
            started = true;
            steppedAt = now;
        }
        while (now - steppedAt >= STEP_NANOS) {
            steppedAt += STEP_NANOS;
            for (int i = 0; i < failures.length; i++) {
                failures[i] *= STEP_FACTOR;
            }
        }
    }

    @Override
    public void sent(int server, long now) {
        inFlight[server]++;
    }

    @Override
    public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        forget(now);
        inFlight[server]--;
        failures[server] += outcome == Outcome.SUCCESS ? 0 : 1;
    }
}
