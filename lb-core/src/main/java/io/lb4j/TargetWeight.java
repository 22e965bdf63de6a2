package io.lb4j;

/**
 * A weight that a server asks for.
 *
 * @param until when it ceases to count
 */
record TargetWeight(double weight, long until) {
    /** Servers work their weight out from measurements; a plan is not made anew for the noise in them. */
    private static final double NOISE = 0.01;

    /** The weight asked for next, or still this one if that is nearly the same. */
    double unlessNoise(double next) {
        return Math.abs(next - weight) <= NOISE * weight ? weight : next;
    }
}
