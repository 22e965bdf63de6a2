package io.lb4j.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a server works on one request: a random variable.
 *
 * <p>Drawn with {@link StrictMath}, so that a seed gives the same numbers on every JVM.
 */
public interface ServiceTime {
    /**
     * Draws one.
     *
     * @param random where from
     * @return nanoseconds, at least 0
     */
    double draw(RandomGenerator random);

    /**
     * Returns the mean.
     *
     * @return nanoseconds, more than 0
     */
    double meanNanos();

    /**
     * Returns exponential times.
     *
     * @param mean the mean, more than 0
     * @return the distribution
     */
    static ServiceTime exponential(Duration mean) {
        double nanos = mean.toNanos();
        return of(nanos, random -> -nanos * StrictMath.log(1 - random.nextDouble()));
    }

    /**
     * Returns times that are all equal.
     *
     * @param time the time, more than 0
     * @return the distribution
     */
    static ServiceTime constant(Duration time) {
        double nanos = time.toNanos();
        return of(nanos, random -> nanos);
    }

    /**
     * Returns normal times; what would be less than 0 is 0.
     *
     * @param mean the mean before that
     * @param deviation the standard deviation before that
     * @return the distribution
     */
    static ServiceTime normal(Duration mean, Duration deviation) {
        double mu = mean.toNanos();
        double sigma = deviation.toNanos();
        return of(mu, random -> Math.max(0, mu + sigma * gaussian(random)));
    }

    private static double gaussian(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    /**
     * Returns one of two times.
     *
     * @param usual the usual time
     * @param rare the other one
     * @param rarity the probability of the other one, 0 to 1
     * @return the distribution
     */
    static ServiceTime either(Duration usual, Duration rare, double rarity) {
        double mean = (1 - rarity) * usual.toNanos() + rarity * rare.toNanos();
        return of(mean, random -> random.nextDouble() < rarity ? rare.toNanos() : usual.toNanos());
    }

    /**
     * Returns Pareto times cut off at a maximum: many short ones, few very long ones.
     *
     * @param alpha the exponent of the tail, more than 1; less = heavier
     * @param mean the mean
     * @param most the maximum
     * @return the distribution
     */
    static ServiceTime boundedPareto(double alpha, Duration mean, Duration most) {
        double high = most.toNanos();
        double low = paretoLow(alpha, (double) mean.toNanos(), high);
        double cut = 1 - StrictMath.pow(low / high, alpha);
        return of((double) mean.toNanos(), random -> low / StrictMath.pow(1 - random.nextDouble() * cut, 1 / alpha));
    }

    /** The minimum that gives the mean, by bisection. */
    private static double paretoLow(double alpha, double mean, double high) {
        double from = 0;
        double to = mean;
        for (int i = 0; i < 100; i++) {
            double low = (from + to) / 2;
            double cut = 1 - StrictMath.pow(low / high, alpha);
            double tail = StrictMath.pow(low, alpha) * StrictMath.pow(high, 1 - alpha);
            double got = alpha / (alpha - 1) * (low - tail) / cut;
            if (got < mean) {
                from = low;
            } else {
                to = low;
            }
        }
        return from;
    }

    private static ServiceTime of(double mean, Draw draw) {
        return new ServiceTime() {
            @Override
            public double draw(RandomGenerator random) {
                return draw.from(random);
            }

            @Override
            public double meanNanos() {
                return mean;
            }
        };
    }

    /** A way to draw. */
    @FunctionalInterface
    interface Draw {
        /**
         * Draws one.
         *
         * @param random where from
         * @return nanoseconds, at least 0
         */
        double from(RandomGenerator random);
    }
}
