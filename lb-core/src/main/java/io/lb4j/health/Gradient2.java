package io.lb4j.health;

/**
 * Compares how long requests take now with how long they take in the long run (Netflix Gradient2): while there is no
 * difference, the limit grows; when answers become slower than tolerated, a queue is building up and the limit falls.
 *
 * <p>Nothing changes while less than half of the limit is in use. A request that was dropped lowers the limit like the
 * slowest of answers; how long it took says nothing and is left out. Immutable.
 *
 * @param initial the limit it starts with, {@code least} to {@code most}; 20 by default
 * @param least the lowest limit, at least 1; 20 by default
 * @param most the highest limit; 200 by default
 * @param queue how many requests may wait at the endpoint, at least 0; 4 by default
 * @param smoothing how much each change counts, more than 0 to 1; 0.2 by default
 * @param window over how many requests the long run goes, at least 10; 600 by default
 * @param tolerance how many times the long run an answer may take, 1 to 10; 1.5 by default
 */
public record Gradient2(int initial, int least, int most, int queue, double smoothing, int window, double tolerance)
        implements ConcurrencyLimit {
    private static final int WARM_UP = 10;
    private static final double STEEPEST = 0.5;

    /** Checks the ranges. */
    public Gradient2 {
        Checks.limits(initial, least, most);
        Checks.atLeast("queue", queue, 0);
        Checks.range("smoothing", smoothing, 0.001, 1);
        Checks.atLeast("window", window, WARM_UP);
        Checks.range("tolerance", tolerance, 1, 10);
    }

    /**
     * Returns the usual settings.
     *
     * @return the settings
     */
    public static Gradient2 standard() {
        return new Gradient2(20, 20, 200, 4, 0.2, 600, 1.5);
    }

    /**
     * Returns the same with other limits.
     *
     * @param first the limit it starts with
     * @param lowest the lowest limit, at least 1
     * @param highest the highest limit
     * @return new settings
     */
    public Gradient2 withLimits(int first, int lowest, int highest) {
        return new Gradient2(first, lowest, highest, queue, smoothing, window, tolerance);
    }

    @Override
    public Estimate start() {
        return new Running();
    }

    /** Visible to tests, which compare it with the trace of the original. */
    final class Running implements Estimate {
        private double limit = initial;
        private double longRun;
        private int samples;

        @Override
        public int limit() {
            return (int) limit;
        }

        double exactLimit() {
            return limit;
        }

        double longRunNanos() {
            return longRun;
        }

        @Override
        public void onSample(long nanos, int inFlight, boolean dropped) {
            if (!dropped) {
                average(nanos);
            }
            if (inFlight < limit / 2) {
                return;
            }
            double gradient =
                    dropped ? STEEPEST : Math.max(STEEPEST, Math.min(1, tolerance * longRun / Math.max(1, nanos)));
            double next = limit * gradient + (dropped ? 0 : queue);
            limit = Math.max(least, Math.min(most, limit * (1 - smoothing) + next * smoothing));
        }

        private void average(long nanos) {
            samples = Math.min(WARM_UP + 1, samples + 1);
            double weight = samples <= WARM_UP ? 1.0 / samples : 2.0 / (window + 1);
            longRun += weight * (nanos - longRun);
            if (longRun > 2.0 * nanos) {
                longRun *= 0.95; // the endpoint has become quicker: do not wait for the whole window
            }
        }
    }
}
