package io.lb4j.health;

import java.time.Duration;

/**
 * Additive increase, multiplicative decrease: one more while all goes well and at least half of the limit is in use, a
 * tenth less when a request was dropped or took too long. Immutable.
 *
 * @param initial the limit it starts with, {@code least} to {@code most}; 20 by default
 * @param least the lowest limit, at least 1; 20 by default
 * @param most the highest limit; 200 by default
 * @param backOff what is left of the limit after a drop, 0.5 to 1; 0.9 by default
 * @param tooLong requests that take longer count as dropped, more than 0; 5 s by default
 */
public record Aimd(int initial, int least, int most, double backOff, Duration tooLong) implements ConcurrencyLimit {
    /** Checks the ranges. */
    public Aimd {
        Checks.limits(initial, least, most);
        Checks.range("backOff", backOff, 0.5, 1);
        Checks.positiveNanos("tooLong", tooLong);
    }

    /**
     * Returns the usual settings.
     *
     * @return the settings
     */
    public static Aimd standard() {
        return new Aimd(20, 20, 200, 0.9, Duration.ofSeconds(5));
    }

    /**
     * Returns the same with other limits.
     *
     * @param first the limit it starts with
     * @param lowest the lowest limit, at least 1
     * @param highest the highest limit
     * @return new settings
     */
    public Aimd withLimits(int first, int lowest, int highest) {
        return new Aimd(first, lowest, highest, backOff, tooLong);
    }

    @Override
    public Estimate start() {
        return new Running();
    }

    private final class Running implements Estimate {
        private int limit = initial;

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public void onSample(long nanos, int inFlight, boolean dropped) {
            if (dropped || nanos > tooLong.toNanos()) {
                limit = Math.max(least, (int) (limit * backOff));
            } else if (inFlight * 2L >= limit) {
                limit = Math.min(most, limit + 1);
            }
        }
    }
}
