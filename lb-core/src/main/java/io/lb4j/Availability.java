package io.lb4j;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Nodes and the state each had at one moment: what a {@link LocalityPolicy} works on.
 *
 * <p>A snapshot, so that counts and sets taken from it fit together. All sets keep the order and the weights of
 * {@link #all()}. Immutable.
 */
public final class Availability {
    private final NodeSet all;
    private final Map<Node, Node.State> states;
    private final boolean inPanic;

    private Availability(NodeSet all, Map<Node, Node.State> states, boolean inPanic) {
        this.all = all;
        this.states = states;
        this.inPanic = inPanic;
    }

    /**
     * Returns a snapshot; to test a policy with nothing else.
     *
     * @param all the nodes; those that weigh nothing count as draining, whatever else they are
     * @param state gives the state of each
     * @return the snapshot
     */
    public static Availability of(NodeSet all, Function<? super Node, Node.State> state) {
        Map<Node, Node.State> states = new HashMap<>();
        for (int i = 0; i < Checks.notNull("all", all).size(); i++) {
            Node.State known = Checks.notNull("state", state.apply(all.get(i)));
            boolean sessionsOnly = all.weight(i) == 0 && known != Node.State.DISABLED;
            states.put(all.get(i), sessionsOnly ? Node.State.DRAINING : known);
        }
        return new Availability(all, states, false);
    }

    /**
     * Returns this snapshot as it is arranged in panic: every eligible node is up, with these weights.
     *
     * @param weights the nodes of this snapshot and the weights they have in panic
     */
    Availability panicking(NodeSet weights) {
        return new Availability(weights, only(eligible()).states, true);
    }

    /**
     * Returns every node of the group, whatever its state.
     *
     * @return the nodes
     */
    public NodeSet all() {
        return all;
    }

    /**
     * Returns the nodes that would serve if all were well: those that are neither disabled nor draining and weigh
     * something.
     *
     * @return the nodes; where all of the service that are not disabled are draining, the engine counts those as up,
     *     and so they are here
     */
    public NodeSet eligible() {
        return where(Availability::isEligible);
    }

    /**
     * Returns the nodes that may serve: up, degraded, or not yet checked.
     *
     * @return the nodes
     */
    public NodeSet usable() {
        return where(Availability::mayServe);
    }

    /**
     * Returns the nodes that are up; and those not yet checked, as long as those that are known to be up or degraded
     * are fewer than half of the eligible ones.
     *
     * <p>Else the first node of a cold pool to pass its check would get the traffic of all.
     *
     * @return the nodes
     */
    public NodeSet healthy() {
        boolean unchecked = countsUnchecked();
        return where(state -> state == Node.State.UP || (unchecked && state == Node.State.CHECKING));
    }

    /**
     * Returns the nodes of which a check has said that they are degraded.
     *
     * @return the nodes, in panic none
     */
    public NodeSet degraded() {
        return where(state -> state == Node.State.DEGRADED);
    }

    /**
     * Returns how many nodes {@link #healthy()} and {@link #degraded()} are a part of.
     *
     * @return the number of eligible nodes; without those not yet checked, if they do not count as healthy
     */
    public int size() {
        int unchecked = where(state -> state == Node.State.CHECKING).size();
        return eligible().size() - (countsUnchecked() ? 0 : unchecked);
    }

    /**
     * Returns the nodes that serve first: the healthy ones if they are at least half of the eligible ones, else the
     * degraded ones too.
     *
     * @return the nodes, empty only if none is usable
     */
    public NodeSet serving() {
        NodeSet healthy = healthy();
        if (!healthy.isEmpty() && healthy.size() * 2 >= eligible().size()) {
            return healthy;
        }
        boolean unchecked = countsUnchecked();
        return where(state -> mayServe(state) && (unchecked || state != Node.State.CHECKING));
    }

    /**
     * Returns the degraded nodes that {@link #serving()} leaves out: the next to ask when none of those takes a request.
     *
     * @return the nodes
     */
    public NodeSet reserve() {
        NodeSet healthy = healthy();
        return serving().size() == healthy.size() ? degraded() : none();
    }

    /**
     * Tells whether ejected and down nodes serve too, because too few others are left. Then every eligible node counts
     * as up, and weighs less the worse it is.
     *
     * @return true in panic
     */
    public boolean inPanic() {
        return inPanic;
    }

    /**
     * Returns the nodes that pass a test: a group that is judged by itself.
     *
     * @param keep the test
     * @return their part of this snapshot
     */
    public Availability filter(Predicate<? super Node> keep) {
        return new Availability(all.filter(keep), states, inPanic);
    }

    /**
     * Returns the same nodes, of which only some can be used: these count as up, the others as down.
     *
     * @param usable the nodes that can be used
     * @return another snapshot; disabled and draining nodes stay what they are
     */
    public Availability only(NodeSet usable) {
        Map<Node, Node.State> changed = new HashMap<>();
        all.forEach(node -> changed.put(node, isEligible(state(node)) ? Node.State.DOWN : state(node)));
        usable.forEach(node -> changed.put(node, Node.State.UP));
        return new Availability(all, changed, inPanic);
    }

    private NodeSet none() {
        return all.filter(node -> false);
    }

    private static boolean isEligible(Node.State state) {
        return state != Node.State.DISABLED && state != Node.State.DRAINING;
    }

    private static boolean mayServe(Node.State state) {
        return state == Node.State.UP || state == Node.State.DEGRADED || state == Node.State.CHECKING;
    }

    private boolean countsUnchecked() {
        NodeSet known = where(state -> state == Node.State.UP || state == Node.State.DEGRADED);
        return known.isEmpty() || known.size() * 2 < eligible().size();
    }

    private NodeSet where(Predicate<Node.State> wanted) {
        return all.filter(node -> wanted.test(state(node)));
    }

    private Node.State state(Node node) {
        return states.getOrDefault(node, Node.State.DISABLED);
    }

    /** Returns the nodes. */
    @Override
    public String toString() {
        return all.toString();
    }
}
