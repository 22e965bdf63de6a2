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
 * <p>Costs are positive, so their bits compare as the numbers do, and faster.
 */
final class LeastResponseTime implements Balancer {
    static final long REFRESH_NANOS = 4_000_000;
    static final int FULL_SCAN_MOST = 128;
    static final int SAMPLES = 16;
    /** With more nodes a branch is cheaper: it goes the same way for nearly all of them. */
    private static final int FEW = 32;

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
    private final long version;
    /** Shuffled where samples are drawn, since those stand at equal distances. */
    private final Node[] nodes;
    /** What the cost of each node is multiplied by; null if that is the same for all. */
    private final double @Nullable [] factors;
    /** Distances between the samples of one pick, coprime to the number of nodes; empty if all nodes are looked at. */
    private final int[] steps;
    /** When costs were last brought up to date; whoever moves it on by CAS does that. */
    private volatile long refreshedAt;

    private LeastResponseTime(NodeSet candidates, Supplier<? extends RandomGenerator> random) {
        RandomGenerator generator = random.get();
        int[] order = Candidates.indexes(candidates);
        if (order.length > FULL_SCAN_MOST) {
            Candidates.shuffle(order, generator);
        }
        this.random = random;
        this.version = candidates.version();
        this.nodes = Arrays.stream(order).mapToObj(candidates::get).toArray(Node[]::new);
        this.factors = factors(candidates, order);
        this.steps = order.length > FULL_SCAN_MOST ? steps(order.length, generator) : new int[0];
        this.refreshedAt = candidates.nanoTime() - REFRESH_NANOS;
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared("leastResponseTime", nodes -> new LeastResponseTime(nodes, random));
    }

    private static double @Nullable [] factors(NodeSet candidates, int[] order) {
        double[] factors =
                Arrays.stream(order).mapToDouble(i -> 1 / candidates.weight(i)).toArray();
        return Arrays.stream(factors).distinct().count() > 1 ? factors : null;
    }

    private static int[] steps(int n, RandomGenerator random) {
        return random.ints(STEPS, 1, n).map(step -> coprime(step, n)).toArray();
    }

    /** The next number, from {@code step} on, that has no factor in common with n; n - 1 is one. */
    static int coprime(int step, int n) {
        int found = step;
        while (gcd(found, n) != 1) {
            found++;
        }
        return found;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == version ? this : new LeastResponseTime(candidates, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        refresh(nowNanos);
        if (request.hasExclusions()) {
            return scanAllowed(request, nowNanos);
        } else if (steps.length > 0) {
            return sample();
        }
        return nodes.length > FEW ? scanAllowed(request, nowNanos) : scan(nowNanos);
    }

    private void refresh(long nowNanos) {
        long before = refreshedAt;
        if (nowNanos - before >= REFRESH_NANOS && REFRESHED_AT.compareAndSet(this, before, nowNanos)) {
            for (Node node : nodes) {
                node.refreshExpectedCost(nowNanos);
            }
        }
    }

    /** Without branches that chance decides: a wrong guess of the processor costs as much as a dozen nodes. */
    private @Nullable Node scan(long nowNanos) {
        if (nodes.length == 0) {
            return null;
        }
        Node[] all = nodes; // in a local, since an opaque read makes the JVM load fields again
        double[] by = factors;
        long least = Long.MAX_VALUE;
        int first = 0;
        int last = 0;
        for (int i = 0; i < all.length; i++) {
            long cost = cost(all, by, i);
            first = cost < least ? i : first;
            last = cost <= least ? i : last;
            least = Math.min(cost, least);
        }
        return first == last ? all[first] : anyOf(first, least, nowNanos);
    }

    /** One of the nodes that cost the least, of which this is one; costs may have changed since they were compared. */
    private Node anyOf(int one, long least, long nowNanos) {
        int equal = 0;
        for (int i = 0; i < nodes.length; i++) {
            equal += cost(nodes, factors, i) <= least ? 1 : 0;
        }
        Node found = any(nodes[one], RequestContext.none(), least, drawn(equal, nowNanos));
        return found == null ? nodes[one] : found;
    }

    private @Nullable Node scanAllowed(RequestContext request, long nowNanos) {
        Node[] all = nodes;
        double[] by = factors;
        Node best = null;
        long least = Long.MAX_VALUE;
        int equal = 0;
        for (int i = 0; i < all.length; i++) {
            long cost = cost(all, by, i);
            if (cost <= least && !request.excludes(all[i])) {
                equal = cost == least ? equal + 1 : 1;
                least = cost;
                best = all[i];
            }
        }
        return equal < 2 ? best : any(best, request, least, drawn(equal, nowNanos));
    }

    /** A number that depends on the time: cheaper than a random one, and only needed where costs are equal. */
    private static int drawn(int n, long nowNanos) {
        return Candidates.below(n, (int) HashKey.of(nowNanos));
    }

    /** The nth of the nodes that cost this little, from 0; another one of them if some have become dearer. */
    private @Nullable Node any(@Nullable Node one, RequestContext request, long least, int n) {
        boolean filtered = request.hasExclusions();
        Node found = one;
        int left = n;
        for (int i = 0; i < nodes.length; i++) {
            if (cost(nodes, factors, i) <= least && !(filtered && request.excludes(nodes[i]))) {
                found = nodes[i];
                if (left-- == 0) {
                    break;
                }
            }
        }
        return found;
    }

    private static long cost(Node[] nodes, double @Nullable [] factors, int i) {
        double cost = nodes[i].expectedCost();
        return Double.doubleToRawLongBits(factors == null ? cost : cost * factors[i]);
    }

    /** The best of some different nodes. */
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
}
