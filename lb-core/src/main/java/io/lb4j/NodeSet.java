package io.lb4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Immutable list of nodes, and the weight each carries here.
 *
 * <p>The nodes themselves go on changing; which nodes there are and what they weigh does not. Thread-safe.
 */
public final class NodeSet implements Iterable<Node> {
    private final Pool pool;
    private final Node[] nodes;
    private final double[] weights;
    private final double totalWeight;
    private final long version;
    /** Built when first needed; two threads may build it twice, which is harmless because it is immutable. */
    private volatile @Nullable Index index;

    private NodeSet(Pool pool, Node[] nodes, double[] weights) {
        this.pool = pool;
        this.nodes = nodes;
        this.weights = weights;
        this.totalWeight = Arrays.stream(weights).sum();
        this.version = pool.nextVersion();
    }

    static NodeSet of(Pool pool, List<Node> nodes, ToDoubleFunction<Node> weight) {
        Node[] array = nodes.toArray(Node[]::new);
        double[] weights = new double[array.length];
        for (int i = 0; i < array.length; i++) {
            weights[i] = Checks.notNegative("weight", weight.applyAsDouble(array[i]));
        }
        return new NodeSet(pool, array, weights);
    }

    /**
     * Returns a set of new nodes that belong to no LoadBalancer: to test an algorithm with nothing else.
     *
     * @param ticker the clock of the nodes
     * @param endpoints what the nodes stand for; their weights are those of the set
     * @return the set
     */
    public static NodeSet of(Ticker ticker, Endpoint... endpoints) {
        Pool pool = Pool.detached(Checks.notNull("ticker", ticker));
        List<Node> nodes = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            nodes.add(Node.create(pool, Checks.notNull("endpoint", endpoint)));
        }
        return of(pool, nodes, node -> node.endpoint().weight());
    }

    /**
     * Returns how many nodes there are.
     *
     * @return at least 0
     */
    public int size() {
        return nodes.length;
    }

    /**
     * Tells whether there are none.
     *
     * @return true if the size is 0
     */
    public boolean isEmpty() {
        return nodes.length == 0;
    }

    /**
     * Returns a node.
     *
     * @param i 0 to {@code size() - 1}
     * @return the node
     */
    public Node get(int i) {
        return nodes[i];
    }

    /**
     * Returns the weight of a node here: configured, times what the locality policy makes of it.
     *
     * @param i 0 to {@code size() - 1}
     * @return finite, at least 0; never changes
     */
    public double weight(int i) {
        return weights[i];
    }

    /**
     * Returns the weight of a node at a time: less than {@link #weight} during slow start.
     *
     * @param i 0 to {@code size() - 1}
     * @param nowNanos the time now
     * @return finite, at least 0
     */
    public double effectiveWeight(int i, long nowNanos) {
        return pool.hasRamp(nowNanos) ? weights[i] * nodes[i].slowStart(nowNanos) : weights[i];
    }

    /**
     * Tells whether some node of the LoadBalancer may be in its slow start; otherwise each {@link #effectiveWeight} is
     * the {@link #weight}.
     *
     * @param nowNanos the time now
     * @return true if one may be
     */
    public boolean hasSlowStart(long nowNanos) {
        return pool.hasRamp(nowNanos);
    }

    /**
     * Returns the sum of all weights.
     *
     * @return at least 0
     */
    public double totalWeight() {
        return totalWeight;
    }

    /**
     * Returns a number that no other set of the LoadBalancer has, so that what was prepared for a set need not be
     * prepared again.
     *
     * @return a number more than 0
     */
    public long version() {
        return version;
    }

    /**
     * Returns the mean latency of recent successes on all nodes of the LoadBalancer.
     *
     * @return nanoseconds, 0 as long as there was none
     */
    public double latencyNanos() {
        return pool.averages.latency();
    }

    /**
     * Returns the recent part of failed attempts on all nodes of the LoadBalancer.
     *
     * @return 0 to 1
     */
    public double failureRate() {
        return pool.averages.failureRate();
    }

    /**
     * Returns the time by the clock of the LoadBalancer, for {@link Balancer#prepare}.
     *
     * @return nanoseconds
     */
    public long nanoTime() {
        return pool.ticker.nanoTime();
    }

    /**
     * Finds a node by the id of its endpoint.
     *
     * @param id the id
     * @return the node, null if there is none
     */
    public @Nullable Node find(String id) {
        return index().byId.get(id);
    }

    /**
     * Finds a node by the route of its endpoint.
     *
     * @param route what a session cookie names
     * @return the node, null if there is none; the first if several have the same route
     */
    public @Nullable Node findByRoute(String route) {
        return index().byRoute.get(route);
    }

    private Index index() {
        Index known = index;
        if (known == null) {
            known = new Index(nodes);
            index = known;
        }
        return known;
    }

    /**
     * Returns the nodes that pass a test, with the weights they have here.
     *
     * @param keep the test
     * @return a new set
     */
    public NodeSet filter(Predicate<? super Node> keep) {
        Node[] kept = new Node[nodes.length];
        double[] keptWeights = new double[nodes.length];
        int count = 0;
        for (int i = 0; i < nodes.length; i++) {
            if (keep.test(nodes[i])) {
                kept[count] = nodes[i];
                keptWeights[count++] = weights[i];
            }
        }
        return new NodeSet(pool, Arrays.copyOf(kept, count), Arrays.copyOf(keptWeights, count));
    }

    /**
     * Returns the same nodes with other weights.
     *
     * @param weight gives the new weight, finite and at least 0
     * @return a new set
     */
    public NodeSet weighted(ToDoubleFunction<? super Node> weight) {
        double[] changed = new double[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            changed[i] = Checks.notNegative("weight", weight.applyAsDouble(nodes[i]));
        }
        return new NodeSet(pool, nodes, changed);
    }

    /** Whether the other set has the same nodes in the same order with the same weights. */
    boolean sameAs(NodeSet other) {
        return Arrays.equals(nodes, other.nodes) && Arrays.equals(weights, other.weights);
    }

    Pool pool() {
        return pool;
    }

    @Override
    public Iterator<Node> iterator() {
        return Arrays.asList(nodes).iterator(); // a view: List.of would copy the nodes each time
    }

    /** Returns the nodes with their states. */
    @Override
    public String toString() {
        return Arrays.toString(nodes);
    }

    private static final class Index {
        final Map<String, Node> byId = new HashMap<>();
        final Map<String, Node> byRoute = new HashMap<>();

        Index(Node[] nodes) {
            for (Node node : nodes) {
                byId.putIfAbsent(node.endpoint().id(), node);
                byRoute.putIfAbsent(node.endpoint().route(), node);
            }
        }
    }
}
