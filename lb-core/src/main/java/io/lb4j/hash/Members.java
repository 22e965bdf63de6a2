package io.lb4j.hash;

import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The nodes that a table is made of, by id, so that the order of the list plays no part. Immutable. */
final class Members {
    /**
     * Which absent nodes a table is kept for, how long, and how much of its weight must be left.
     *
     * <p>Health is each client's own opinion: a table made without an ejected node would differ from everybody else's
     * and move keys of nodes that have nothing to do with it.
     */
    record Patience(Set<Node.State> states, long nanos, double leastPresent) {
        static final Patience NONE = new Patience(Set.of(), 0, 0);
    }

    private final Function<Endpoint, String> naming;
    private final Node[] nodes;
    private final String[] names;
    private final double[] weights;
    private final long[] seeds;
    /** Where each node stands in the list of candidates; -1 = absent. */
    private final int[] at;
    /** Since when nodes have been absent. */
    private final long absentSince;

    private Members(Function<Endpoint, String> naming, Node[] nodes, double[] weights, int[] at) {
        this.naming = naming;
        this.nodes = nodes;
        this.names = Arrays.stream(nodes).map(Node::endpoint).map(naming).toArray(String[]::new);
        this.weights = weights;
        this.seeds = Arrays.stream(nodes).mapToLong(Members::seed).toArray();
        this.at = at;
        this.absentSince = 0;
    }

    private Members(Members table, Node[] nodes, int[] at, long absentSince) {
        this.naming = table.naming;
        this.names = table.names;
        this.weights = table.weights;
        this.seeds = table.seeds;
        this.nodes = nodes;
        this.at = at;
        this.absentSince = absentSince;
    }

    /**
     * Returns the candidates that have a weight.
     *
     * @param naming what of an endpoint the table depends on: two endpoints with the same name are the same to it
     */
    static Members weighted(NodeSet candidates, Function<Endpoint, String> naming) {
        return of(candidates, naming, Double.MIN_VALUE);
    }

    /** Returns the candidates, those of weight 0 included. */
    static Members all(NodeSet candidates, Function<Endpoint, String> naming) {
        return of(candidates, naming, 0);
    }

    private static Members of(NodeSet candidates, Function<Endpoint, String> naming, double leastWeight) {
        int[] at = IntStream.range(0, candidates.size())
                .filter(i -> candidates.weight(i) >= leastWeight)
                .boxed()
                .sorted(Comparator.comparing(i -> candidates.get(i).endpoint().id()))
                .mapToInt(Integer::intValue)
                .toArray();
        Node[] nodes = Arrays.stream(at).mapToObj(candidates::get).toArray(Node[]::new);
        double unit = Double.isInfinite(candidates.totalWeight()) ? 0x1p-64 : 1;
        double[] weights =
                Arrays.stream(at).mapToDouble(i -> candidates.weight(i) * unit).toArray();
        return new Members(naming, nodes, weights, at);
    }

    private static long seed(Node node) {
        return HashKey.of(node.endpoint().id());
    }

    int size() {
        return nodes.length;
    }

    Endpoint endpoint(int member) {
        return nodes[member].endpoint();
    }

    String name(int member) {
        return names[member];
    }

    double weight(int member) {
        return weights[member];
    }

    long seed(int member) {
        return seeds[member];
    }

    /** The member's place in the list of candidates; -1 = it is absent. */
    int at(int member) {
        return at[member];
    }

    double totalWeight() {
        return Arrays.stream(weights).sum();
    }

    /**
     * Returns the members of the same table as they are in a new list.
     *
     * @param now the members by the new list
     * @param nowNanos the time now
     * @return this object if nothing has changed; null if the table must be made again
     */
    @Nullable
    Members follow(Members now, Patience patience, long nowNanos) {
        Map<String, Integer> places = now.places();
        Node[] newest = nodes.clone();
        int[] moved = new int[size()];
        double present = 0;
        for (int i = 0; i < size(); i++) {
            Integer place = places.remove(names[i]);
            moved[i] = place == null ? -1 : now.at[place];
            if (place == null) {
                if (!patience.states.contains(nodes[i].state())) {
                    return null;
                }
            } else if (now.weights[place] == weights[i]) {
                newest[i] = now.nodes[place];
                present += weights[i];
            } else {
                return null;
            }
        }
        return places.isEmpty() && present >= patience.leastPresent * totalWeight()
                ? moved(newest, moved, patience.nanos, nowNanos)
                : null;
    }

    private Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < size(); i++) {
            places.put(names[i], i);
        }
        return places;
    }

    private @Nullable Members moved(Node[] newest, int[] moved, long longest, long now) {
        boolean complete = isComplete(moved);
        long since = complete || isComplete(at) ? now : absentSince;
        if (now - since > longest) {
            return null;
        }
        return complete && Arrays.equals(at, moved) ? this : new Members(this, newest, moved, since);
    }

    private static boolean isComplete(int[] at) {
        return Arrays.stream(at).allMatch(place -> place >= 0);
    }

    /** The first choice by rendezvous of the nodes that may be picked; null if there is none. */
    @Nullable
    Node anyFor(long hash, NodeSet candidates, RequestContext request) {
        Node best = null;
        long most = 0;
        for (int i = 0; i < at.length; i++) {
            long score = HashKey.of(hash ^ seeds[i]);
            if (at[i] >= 0
                    && weights[i] > 0
                    && (best == null || Long.compareUnsigned(score, most) > 0)
                    && !request.excludes(candidates.get(at[i]))) {
                best = candidates.get(at[i]);
                most = score;
            }
        }
        return best;
    }
}
