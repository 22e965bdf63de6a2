package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The {@code bybusyness} of Apache over one set of nodes: the fewest requests in flight, and among those the most credit.
 *
 * <p>Every pick gives each node its weight as credit and takes the sum of all from the one it chose. Threads do this at
 * the same time and without waiting for each other, so a credit may get lost; it decides between equals only, and is
 * kept between minus and plus the sum of the weights, so that neither lost credits nor those of a node that was busy for
 * long add up.
 */
final class ByBusyness implements Balancer {
    private static final double FINE = 0x1p32;

    private final Supplier<? extends RandomGenerator> random;
    private final Node[] nodes;
    private final double[] weights;
    /** Whole numbers, since credits must come out equal where Apache's do. */
    private final long[] gains;

    private final long sum;
    /** Opaque and racy. */
    private final AtomicLongArray credits;

    private ByBusyness(NodeSet candidates, Supplier<? extends RandomGenerator> random) {
        this.random = random;
        this.nodes = Candidates.weighted(candidates);
        this.weights = Candidates.effectiveWeights(candidates);
        this.gains = gains(weights);
        this.sum = Arrays.stream(gains).sum();
        this.credits = new AtomicLongArray(nodes.length);
    }

    private static long[] gains(double[] weights) {
        int[] whole = WholeWeights.of(weights, SmoothSchedule.LONGEST);
        if (whole != null) {
            return Arrays.stream(whole).asLongStream().toArray();
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights)
                .mapToLong(weight -> Math.round(weight / sum * FINE))
                .toArray();
    }

    static Balancer starting(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("byBusyness", nodes -> {
            ByBusyness made = new ByBusyness(nodes, random);
            made.skip(made.nodes.length == 0 ? 0 : random.get().nextInt(made.nodes.length));
            return made;
        });
    }

    /** Goes on as if so many requests had come and gone, so that not every client begins with the same node. */
    private void skip(int requests) {
        for (int request = 0; request < requests; request++) {
            int best = 0;
            for (int i = 0; i < nodes.length; i++) {
                best = gain(i) > credits.getOpaque(best) ? i : best;
            }
            pay(best, sum);
        }
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        ByBusyness next = new ByBusyness(candidates, random);
        if (Arrays.equals(nodes, next.nodes) && Arrays.equals(weights, next.weights)) {
            return this;
        }
        Map<Node, Integer> before = Candidates.positions(List.of(nodes));
        for (int i = 0; i < next.nodes.length; i++) {
            Integer known = before.get(next.nodes[i]);
            if (known != null) {
                next.credits.setOpaque(i, Math.round((double) credits.getOpaque(known) / sum * next.sum));
            }
        }
        return next;
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        boolean filtered = request.hasExclusions();
        int best = -1;
        int fewest = 0;
        long most = 0;
        long gained = 0;
        for (int i = 0; i < nodes.length; i++) {
            if (filtered && request.excludes(nodes[i])) {
                continue;
            }
            long credit = gain(i);
            gained += gains[i];
            int busy = nodes[i].inFlight();
            if (best < 0 || busy < fewest || (busy == fewest && credit > most)) {
                best = i;
                fewest = busy;
                most = credit;
            }
        }
        if (best < 0) {
            return null;
        }
        pay(best, gained);
        return nodes[best];
    }

    private long gain(int i) {
        long credit = Math.min(sum, credits.getOpaque(i) + gains[i]);
        credits.setOpaque(i, credit);
        return credit;
    }

    private void pay(int i, long price) {
        credits.setOpaque(i, Math.max(-sum, credits.getOpaque(i) - price));
    }
}
