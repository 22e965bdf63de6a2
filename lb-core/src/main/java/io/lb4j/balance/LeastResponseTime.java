package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Least response time over one set of nodes: a scan of what each node has computed of its own cost.
 *
 * <p>Costs are positive, so their bits compare as the numbers do, and faster. The first of equal nodes wins; which one
 * is first depends on the time of the pick, which costs less than a random number and is as fair.
 */
final class LeastResponseTime implements Balancer {
    static final long REFRESH_NANOS = 4_000_000;
    static final int FULL_SCAN_MOST = 128;
    static final int SAMPLES = 16;
    private static final int STEPS = 32;
    private static final VarHandle REFRESHED_AT;

    static {
        try {
            REFRESHED_AT = MethodHandles.lookup()
                    .findVarHandle(LeastResponseTime.class, "refreshedAt", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Supplier<? extends RandomGenerator> random;
    private final long refreshNanos;
    private final long version;
    /** Shuffled, so that the neighbour of a dear node, where a scan goes on, is another one for each client. */
    private final Node[] nodes;
    /** What the cost of each node is multiplied by; null if that is the same for all. */
    private final double @Nullable [] factors;
    /** Distances between the samples of one pick, coprime to the number of nodes; empty if all nodes are looked at. */
    private final int[] steps;
    /** When costs were last brought up to date; whoever moves it on by CAS does that. */
    private volatile long refreshedAt;

    private LeastResponseTime(NodeSet candidates, Supplier<? extends RandomGenerator> random, long refreshNanos) {
        RandomGenerator generator = random.get();
        int[] order = Candidates.indexes(candidates);
        Candidates.shuffle(order, generator);
        this.random = random;
        this.refreshNanos = refreshNanos;
        this.version = candidates.version();
        this.nodes = Arrays.stream(order).mapToObj(candidates::get).toArray(Node[]::new);
        this.factors = factors(candidates, order);
        this.steps = order.length > FULL_SCAN_MOST ? steps(order.length, generator) : new int[0];
        this.refreshedAt = candidates.nanoTime() - refreshNanos;
    }

    static Balancer of(Supplier<? extends RandomGenerator> random, long refreshNanos) {
        return new Unprepared("leastResponseTime", nodes -> new LeastResponseTime(nodes, random, refreshNanos));
    }

    private static double @Nullable [] factors(NodeSet candidates, int[] order) {
        double[] factors =
                Arrays.stream(order).mapToDouble(i -> 1 / candidates.weight(i)).toArray();
        return Arrays.stream(factors).distinct().count() > 1 ? factors : null;
    }

    private static int[] steps(int n, RandomGenerator random) {
        return random.ints(1, n).filter(step -> gcd(step, n) == 1).limit(STEPS).toArray();
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == version ? this : new LeastResponseTime(candidates, random, refreshNanos);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        refresh(nowNanos);
        if (nodes.length == 0) {
            return null;
        } else if (request.hasExclusions()) {
            return pickAllowed(request, nowNanos);
        }
        return steps.length == 0 ? fullScan(start(nowNanos)) : sample();
    }

    private void refresh(long nowNanos) {
        long before = refreshedAt;
        if (nowNanos - before >= refreshNanos && REFRESHED_AT.compareAndSet(this, before, nowNanos)) {
            for (Node node : nodes) {
                node.refreshExpectedCost(nowNanos);
            }
        }
    }

    private int start(long nowNanos) {
        return Candidates.below(nodes.length, (int) HashKey.of(nowNanos));
    }

    private Node fullScan(int start) {
        Node[] all = nodes;
        double[] by = factors;
        int best = start;
        long least = cost(all, by, start);
        for (int i = start + 1; i < all.length; i++) {
            long cost = cost(all, by, i);
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        for (int i = 0; i < start; i++) {
            long cost = cost(all, by, i);
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        return all[best];
    }

    private static long cost(Node[] nodes, double @Nullable [] factors, int i) {
        double cost = nodes[i].expectedCost();
        return Double.doubleToRawLongBits(factors == null ? cost : cost * factors[i]);
    }

    /** The best of some different nodes; an excluded one cannot be told from the others here. */
    private Node sample() {
        long bits = random.get().nextLong();
        int step = steps[(int) bits & (STEPS - 1)];
        int at = Candidates.below(nodes.length, (int) (bits >>> 32));
        int best = at;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            long cost = cost(nodes, factors, at);
            if (cost < least) {
                least = cost;
                best = at;
            }
            at += step;
            at -= at >= nodes.length ? nodes.length : 0;
        }
        return nodes[best];
    }

    /** A request that has exclusions is a second attempt: worth a look at all nodes, however many. */
    private @Nullable Node pickAllowed(RequestContext request, long nowNanos) {
        int n = nodes.length;
        int start = start(nowNanos);
        Node best = null;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < n; i++) {
            int at = start + i < n ? start + i : start + i - n;
            long cost = cost(nodes, factors, at);
            if (cost < least && !request.excludes(nodes[at])) {
                least = cost;
                best = nodes[at];
            }
        }
        return best;
    }
}
