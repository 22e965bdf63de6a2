package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One node of a set for all requests, until a request must go elsewhere: then another one for all. */
final class Pinned implements Balancer {
    private static final VarHandle PIN;

    static {
        try {
            PIN = MethodHandles.lookup().findVarHandle(Pinned.class, "pin", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Supplier<? extends RandomGenerator> random;
    private final Node[] nodes;
    private final double[] weights;
    /** Null if no node may be picked; moved by CAS, so that threads that leave a node go to the same other one. */
    private volatile @Nullable Node pin;

    private Pinned(NodeSet set, @Nullable Node before, Supplier<? extends RandomGenerator> random) {
        this.random = random;
        this.nodes = Candidates.weighted(set);
        this.weights = Candidates.effectiveWeights(set);
        this.pin = Arrays.asList(nodes).contains(before) ? before : drawn(RequestContext.none());
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("pinned", nodes -> new Pinned(nodes, null, random));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return new Pinned(candidates, pin, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        Node pinned = pin;
        return pinned != null && request.hasExclusions() && request.excludes(pinned) ? move(pinned, request) : pinned;
    }

    private @Nullable Node move(Node from, RequestContext request) {
        Node to = drawn(request);
        if (to == null || PIN.compareAndSet(this, from, to)) {
            return to;
        }
        Node moved = pin;
        return moved == null || request.excludes(moved) ? to : moved;
    }

    private @Nullable Node drawn(RequestContext request) {
        return Candidates.drawn(nodes, weights, request, random.get().nextDouble());
    }
}
