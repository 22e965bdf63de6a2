package io.lb4j.balance;

import static java.util.Objects.requireNonNull;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Weighted round robin by what servers report, over one set of nodes. */
final class ReportedLoad implements Balancer {
    static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final NodeSet set;
    private final Node[] nodes;
    private final Cursor cursor;
    private final Supplier<? extends RandomGenerator> random;
    private final Interval interval;
    /** Replaced as a whole by the thread that found the interval over. */
    private volatile Shares shares;

    /** What each node has reported, and the turns that follow from it. */
    private record Shares(Map<Node, ReportedWeight> reported, Rotation rotation) {}

    private ReportedLoad(
            NodeSet set,
            Map<Node, ReportedWeight> reported,
            Cursor cursor,
            Supplier<? extends RandomGenerator> random) {
        this.set = set;
        this.nodes = Candidates.weighted(set);
        this.cursor = cursor;
        this.random = random;
        this.interval = new Interval(REFRESH_NANOS, set.nanoTime());
        this.shares = shares(reported, set.nanoTime());
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("reportedLoad", set -> {
            ReportedWeight anyReport = ReportedWeight.unknown(set.nanoTime() - ReportedWeight.EXPIRY_NANOS);
            Cursor cursor = new Cursor(random.get().nextInt());
            return new ReportedLoad(set, known(set, Map.of(), anyReport), cursor, random);
        });
    }

    private static Map<Node, ReportedWeight> known(
            NodeSet set, Map<Node, ReportedWeight> before, ReportedWeight otherwise) {
        Map<Node, ReportedWeight> known = new HashMap<>();
        set.forEach(node -> known.put(node, before.getOrDefault(node, otherwise)));
        return known;
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        if (candidates.version() == set.version()) {
            return this;
        }
        ReportedWeight laterReports = ReportedWeight.unknown(candidates.nanoTime());
        return new ReportedLoad(candidates, known(candidates, shares.reported(), laterReports), cursor, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        if (interval.over(nowNanos) > 0) {
            shares = shares(shares.reported(), nowNanos);
        }
        return shares.rotation().pick(request);
    }

    private Shares shares(Map<Node, ReportedWeight> before, long now) {
        Map<Node, ReportedWeight> reported = new HashMap<>();
        double[] weights = new double[nodes.length];
        for (int i = 0; i < weights.length; i++) {
            ReportedWeight weight = requireNonNull(before.get(nodes[i])).after(nodes[i].loadReport());
            reported.put(nodes[i], weight);
            weights[i] = weight.at(now);
        }
        fill(weights);
        double[] configured = Candidates.effectiveWeights(set);
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= configured[i];
        }
        return new Shares(reported, new Rotation(nodes, weights, StaticStride.of(nodes, weights), cursor, random));
    }

    /** Puts the mean of the others where nothing is known. */
    static void fill(double[] weights) {
        double mean =
                Arrays.stream(weights).filter(weight -> weight > 0).average().orElse(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weights[i] > 0 ? weights[i] : mean;
        }
    }
}
