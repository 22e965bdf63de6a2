package io.lb4j.balance;

import io.lb4j.Node;
import java.util.Arrays;

/**
 * The static stride scheduler of gRPC: goes round and round, and in each round passes over a node as often as its weight
 * is less than the largest.
 *
 * <p>Weights below a tenth and above ten times the mean count as that, so a turn takes ten steps at most on average.
 * Source: gRFC A58, {@code StaticStrideScheduler} of grpc-java. The sequence is the same as there, but closes after
 * 65,535 rounds, which is its natural period, instead of jumping at 2^32.
 */
final class StaticStride implements Schedule {
    static final int MOST = 65_535;
    private static final double LARGEST_RATIO = 10;
    private static final double SMALLEST_RATIO = 0.1;

    private final Node[] nodes;
    /** The largest is MOST. */
    private final int[] weights;
    /** Steps of one period, a multiple of the number of nodes. */
    private final int length;

    private StaticStride(Node[] nodes, int[] weights) {
        this.nodes = nodes;
        this.weights = weights;
        this.length = nodes.length * Math.min(MOST, Integer.MAX_VALUE / Math.max(1, nodes.length));
    }

    /** The weights are more than 0. */
    static StaticStride of(Node[] nodes, double[] weights) {
        return new StaticStride(nodes, scaled(weights));
    }

    /** Single precision where grpc-java has it, so that the numbers are the same. */
    static int[] scaled(double[] weights) {
        double mean = Arrays.stream(weights).average().orElse(1);
        float largest = (float) Math.min(Arrays.stream(weights).max().orElse(1), LARGEST_RATIO * mean);
        double factor = MOST / largest;
        int least = (int) Math.ceil(factor * mean * SMALLEST_RATIO);
        return Arrays.stream(weights)
                .mapToInt(weight -> Math.max(least, (int) Math.round(factor * Math.min(weight, largest))))
                .toArray();
    }

    int length() {
        return length;
    }

    @Override
    public Node next(Cursor cursor) {
        while (true) {
            int step = cursor.next(length);
            int i = step % weights.length;
            long turns = (long) weights[i] * (step / weights.length) + (long) (MOST / 2) * i;
            if (turns % MOST >= MOST - weights[i]) {
                return nodes[i];
            }
        }
    }
}
