package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Weighted round robin over one set of nodes, with the weights they had when it was prepared. */
final class WeightedRoundRobin implements Balancer {
    private final Rotation rotation;
    private final Cursor cursor;
    /** Where a computed schedule begins: coming back to one must not mean to begin again. */
    private final int phase;

    private final Supplier<? extends RandomGenerator> random;

    private WeightedRoundRobin(
            Rotation rotation, Cursor cursor, int phase, Supplier<? extends RandomGenerator> random) {
        this.rotation = rotation;
        this.cursor = cursor;
        this.phase = phase;
        this.random = random;
    }

    static Balancer starting(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("weightedRoundRobin", nodes -> {
            Cursor cursor = new Cursor(random.get().nextInt());
            return of(nodes, cursor, random.get().nextInt(), random);
        });
    }

    private static Balancer of(NodeSet set, Cursor cursor, int phase, Supplier<? extends RandomGenerator> random) {
        Node[] nodes = Candidates.weighted(set);
        double[] weights = Candidates.effectiveWeights(set);
        Rotation rotation = new Rotation(nodes, weights, Schedule.of(nodes, weights, phase), cursor, random);
        return new WeightedRoundRobin(rotation, cursor, phase, random);
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        if (rotation.isOf(Candidates.weighted(candidates), Candidates.effectiveWeights(candidates))) {
            return this;
        }
        boolean computed = rotation.schedule() instanceof GoldenSchedule;
        return of(candidates, cursor, computed ? phase : random.get().nextInt(), random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        return rotation.pick(request);
    }
}
