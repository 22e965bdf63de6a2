package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random choice by weight from one set of nodes, with the weights they had when it was prepared. */
final class WeightedRandom implements Balancer {
    private final Node[] nodes;
    private final double[] weights;
    private final AliasTable table;
    private final Supplier<? extends RandomGenerator> random;

    /** The weights are not all 0. */
    WeightedRandom(Node[] nodes, double[] weights, Supplier<? extends RandomGenerator> random) {
        this.nodes = nodes;
        this.weights = weights;
        this.table = AliasTable.of(weights);
        this.random = random;
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("weightedRandom", nodes -> of(nodes, random));
    }

    private static Balancer of(NodeSet set, Supplier<? extends RandomGenerator> random) {
        return new WeightedRandom(Candidates.weighted(set), Candidates.effectiveWeights(set), random);
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        boolean same = Arrays.equals(nodes, Candidates.weighted(candidates))
                && Arrays.equals(weights, Candidates.effectiveWeights(candidates));
        return same ? this : of(candidates, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        if (request.hasExclusions()) {
            return pickAllowed(request);
        }
        return nodes.length == 0 ? null : nodes[table.draw(random.get().nextLong())];
    }

    private @Nullable Node pickAllowed(RequestContext request) {
        return Candidates.drawn(nodes, weights, request, random.get().nextDouble());
    }
}
