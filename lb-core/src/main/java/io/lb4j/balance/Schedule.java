package io.lb4j.balance;

import io.lb4j.Node;

/** An order in which nodes take turns, each as often as its weight wants; immutable, moved on by a cursor outside. */
sealed interface Schedule permits SmoothSchedule, GoldenSchedule, StaticStride {
    /** The node whose turn it is; there must be one. */
    Node next(Cursor cursor);

    /** The smooth order if it repeats soon enough to be written down, else one that is computed. */
    static Schedule of(Node[] nodes, double[] weights, int phase) {
        int[] turns = WholeWeights.of(weights, SmoothSchedule.LONGEST);
        return turns == null ? GoldenSchedule.of(nodes, weights, phase) : SmoothSchedule.of(nodes, turns);
    }
}
