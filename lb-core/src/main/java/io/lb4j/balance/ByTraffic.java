package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The {@code bytraffic} of Apache over one set of nodes: the least account, where an account is bytes per weight.
 *
 * <p>Only differences of accounts matter, so each preparation takes the least account as 0; that is also what a node
 * begins with that was not in the set before.
 */
final class ByTraffic implements Balancer {
    /** In so many steps an account halves. */
    private static final int STEPS = 64;

    private final Supplier<? extends RandomGenerator> random;
    private final long halfLife;
    private final NodeSet nodes;
    /** By position in the set: the weight, and what the node had transferred when this was prepared. */
    private final double[] weights;

    private final long[] starts;
    /** What the accounts had then, less what they have forgotten since; bits of doubles, opaque. */
    private final AtomicLongArray openings;
    /** Null if nothing is forgotten. */
    private final @Nullable Interval steps;

    private final LeastCost choice;

    private ByTraffic(NodeSet nodes, long halfLife, Supplier<? extends RandomGenerator> random) {
        long now = nodes.nanoTime();
        int size = nodes.size();
        this.random = random;
        this.halfLife = halfLife;
        this.nodes = nodes;
        this.weights = new double[size];
        this.starts = new long[size];
        this.openings = new AtomicLongArray(size);
        this.steps = halfLife == 0 ? null : new Interval(Math.max(1, halfLife / STEPS), now);
        this.choice = new LeastCost((set, i, time) -> account(i), random);
        for (int i = 0; i < size; i++) {
            weights[i] = nodes.effectiveWeight(i, now);
            starts[i] = nodes.get(i).bytes();
        }
    }

    /** A half-life of 0 forgets nothing. */
    static Balancer of(long halfLife, Supplier<? extends RandomGenerator> random) {
        return new Unprepared("byTraffic", nodes -> new ByTraffic(nodes, halfLife, random));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        if (candidates.version() == nodes.version()) {
            return this;
        }
        ByTraffic next = new ByTraffic(candidates, halfLife, random);
        Map<Node, Integer> before = Candidates.positions(nodes);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < next.weights.length; i++) {
            least = Math.min(least, account(before.get(candidates.get(i))));
        }
        for (int i = 0; i < next.weights.length; i++) {
            double account = account(before.get(candidates.get(i)));
            next.open(i, account == Double.POSITIVE_INFINITY ? 0 : account - least);
        }
        return next;
    }

    /** Infinite for a node that has no account, since it was not here or had weight 0. */
    private double account(@Nullable Integer position) {
        return position == null || weights[position] == 0 ? Double.POSITIVE_INFINITY : account((int) position);
    }

    private void open(int i, double value) {
        openings.setOpaque(i, Double.doubleToRawLongBits(value));
    }

    private double account(int i) {
        double moved = nodes.get(i).bytes() - starts[i];
        return Double.longBitsToDouble(openings.getOpaque(i)) + moved / weights[i];
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        long elapsed = steps == null ? 0 : steps.over(nowNanos);
        if (elapsed > 0) {
            forget(Math.pow(0.5, (double) elapsed / halfLife));
        }
        return choice.pick(nodes, request, nowNanos);
    }

    private void forget(double left) {
        for (int i = 0; i < weights.length; i++) {
            double account = account(i);
            double opening = Double.longBitsToDouble(openings.getOpaque(i));
            open(i, opening - account * (1 - left));
        }
    }
}
