package io.lb4j.balance;

import io.lb4j.Node;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The turns of a schedule, passing over excluded nodes. */
final class Rotation {
    /** Turns after which the search goes on among the other nodes only. */
    private static final int MOST_TURNS = 32;

    private final Node[] nodes;
    private final double[] weights;
    private final Schedule schedule;
    private final Cursor cursor;
    private final Supplier<? extends RandomGenerator> random;

    /** What it takes over must not be changed any more. */
    Rotation(
            Node[] nodes,
            double[] weights,
            Schedule schedule,
            Cursor cursor,
            Supplier<? extends RandomGenerator> random) {
        this.nodes = nodes;
        this.weights = weights;
        this.schedule = schedule;
        this.cursor = cursor;
        this.random = random;
    }

    Schedule schedule() {
        return schedule;
    }

    boolean isOf(Node[] otherNodes, double[] otherWeights) {
        return Arrays.equals(nodes, otherNodes) && Arrays.equals(weights, otherWeights);
    }

    @Nullable
    Node pick(RequestContext request) {
        if (nodes.length == 0) {
            return null;
        }
        return request.hasExclusions() ? pickAllowed(request) : schedule.next(cursor);
    }

    private @Nullable Node pickAllowed(RequestContext request) {
        for (int i = 0; i < MOST_TURNS; i++) {
            Node node = schedule.next(cursor);
            if (!request.excludes(node)) {
                return node;
            }
        }
        return Candidates.drawn(nodes, weights, request, random.get().nextDouble());
    }
}
