package io.lb4j.hash;

/** Keeps rings from growing without bounds when weights are large numbers. */
final class PointCounts {
    /** The limit of Envoy. */
    static final int MOST = 8_388_608;

    private PointCounts() {}

    /** The highest power of two, at most 1, by which so many points must be multiplied to stay within the limit. */
    static double scale(double points) {
        double scale = 1;
        while (points * scale > MOST) {
            scale /= 2;
        }
        return scale;
    }
}
