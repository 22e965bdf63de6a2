package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Uniform random choice from one set of nodes. */
final class RandomChoice implements Balancer {
    private final Node[] nodes;
    private final long version;
    private final Supplier<? extends RandomGenerator> random;

    private RandomChoice(NodeSet candidates, Supplier<? extends RandomGenerator> random) {
        this.nodes = Candidates.weighted(candidates);
        this.version = candidates.version();
        this.random = random;
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("random", nodes -> new RandomChoice(nodes, random));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == version ? this : new RandomChoice(candidates, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        if (request.hasExclusions()) {
            int allowed = Candidates.countAllowed(nodes, request);
            return allowed == 0 ? null : Candidates.allowed(nodes, request, draw(allowed));
        }
        return nodes.length == 0 ? null : nodes[draw(nodes.length)];
    }

    private int draw(int n) {
        return Candidates.below(n, random.get().nextInt());
    }
}
