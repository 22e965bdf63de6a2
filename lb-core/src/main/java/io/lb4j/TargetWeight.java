package io.lb4j;

/**
 * A weight that a server asks for.
 *
 * @param until when it ceases to count
 */
record TargetWeight(double weight, long until) {
    /** Servers work their weight out from measurements; a plan is not made anew for the noise in them. */
    private static final double NOISE = 0.01;

    boolean isNear(double other) {
        return Math.abs(other - weight) <= NOISE * weight;
    }
}
