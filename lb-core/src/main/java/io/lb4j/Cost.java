package io.lb4j;

/**
 * What it would cost to send the next request to a node; lower is better.
 *
 * <p>Together with a selection such as power of two choices it makes an algorithm. Called concurrently on the pick
 * path, so it should neither lock nor allocate.
 */
@FunctionalInterface
public interface Cost {
    /**
     * Computes the cost of one node.
     *
     * @param nodes the candidates, with weights and pool averages
     * @param index which of them, from 0 to {@code nodes.size() - 1}
     * @param nowNanos the time now
     * @return the cost, at least 0; NaN is never preferred
     */
    double of(NodeSet nodes, int index, long nowNanos);
}
