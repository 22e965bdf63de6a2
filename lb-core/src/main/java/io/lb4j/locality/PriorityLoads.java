package io.lb4j.locality;

import java.util.Arrays;

/**
 * Which percentage of the requests goes to the healthy and to the degraded nodes of each priority.
 *
 * <p>Envoy's whole numbers: a priority can carry {@code factor x healthy / all} of the load, at most all of it; what it
 * cannot carry goes on to the next; healthy nodes anywhere come before degraded ones; what rounding leaves over goes to
 * the first that has any.
 */
final class PriorityLoads {
    private static final int ALL = 100;

    private final int[] healthy;
    private final int[] degraded;
    private final boolean suffices;

    private PriorityLoads(int[] healthy, int[] degraded, boolean suffices) {
        this.healthy = healthy;
        this.degraded = degraded;
        this.suffices = suffices;
    }

    /**
     * Computes the loads.
     *
     * @param sizes how many nodes each priority has
     * @param healthy how many of them are healthy
     * @param degraded how many of them are degraded
     * @param percent how many percent of the load a whole priority could carry
     */
    static PriorityLoads of(int[] sizes, int[] healthy, int[] degraded, int percent) {
        int[] able = capacities(sizes, healthy, percent);
        int[] partlyAble = capacities(sizes, degraded, percent);
        int together = Math.min(
                ALL, Arrays.stream(able).sum() + Arrays.stream(partlyAble).sum());
        if (together == 0) {
            return bySize(sizes);
        }
        int[] loads = new int[sizes.length];
        int[] degradedLoads = new int[sizes.length];
        int left = spread(able, together, ALL, loads);
        left = spread(partlyAble, together, left, degradedLoads);
        if (!addToFirst(loads, left)) {
            addToFirst(degradedLoads, left);
        }
        return new PriorityLoads(loads, degradedLoads, together == ALL);
    }

    /** In panic all nodes count alike. */
    static PriorityLoads bySize(int[] sizes) {
        int all = Math.max(1, Arrays.stream(sizes).sum());
        int[] loads = Arrays.stream(sizes)
                .map(size -> (int) ((long) size * ALL / all))
                .toArray();
        int left = ALL - Arrays.stream(loads).sum();
        for (int i = 0; i < loads.length; i++) {
            if (sizes[i] > 0) {
                loads[i] += left;
                break;
            }
        }
        return new PriorityLoads(loads, new int[sizes.length], false);
    }

    private static int[] capacities(int[] sizes, int[] counts, int percent) {
        int[] capacities = new int[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            capacities[i] = sizes[i] == 0 ? 0 : (int) Math.min(ALL, (long) percent * counts[i] / sizes[i]);
        }
        return capacities;
    }

    private static int spread(int[] capacities, int together, int load, int[] loads) {
        int left = load;
        for (int i = 0; i < capacities.length; i++) {
            loads[i] = Math.min(left, capacities[i] * ALL / together);
            left -= loads[i];
        }
        return left;
    }

    private static boolean addToFirst(int[] loads, int left) {
        for (int i = 0; i < loads.length; i++) {
            if (loads[i] > 0) {
                loads[i] += left;
                return true;
            }
        }
        return false;
    }

    /** The percentage of the healthy nodes of a priority. */
    int healthy(int priority) {
        return healthy[priority];
    }

    /** The percentage of the degraded nodes of a priority. */
    int degraded(int priority) {
        return degraded[priority];
    }

    /** Whether all together can carry the load. */
    boolean suffices() {
        return suffices;
    }
}
