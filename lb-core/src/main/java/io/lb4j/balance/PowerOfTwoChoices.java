package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Power of two choices in one set of nodes. */
final class PowerOfTwoChoices implements Balancer {
    private final NodeSet nodes;
    /** Where in the set the nodes of more than weight 0 are. */
    private final int[] indexes;
    /** The nodes, if they differ in nothing but how many requests they have in flight; else empty. */
    private final Node[] alike;

    private final Cost cost;
    private final Supplier<? extends RandomGenerator> random;

    private PowerOfTwoChoices(NodeSet nodes, Cost cost, Supplier<? extends RandomGenerator> random) {
        this.nodes = nodes;
        this.indexes = Candidates.indexes(nodes);
        this.alike = cost == LeastCost.BY_REQUESTS ? Candidates.ifEqual(nodes) : new Node[0];
        this.cost = cost;
        this.random = random;
    }

    static Balancer of(Cost cost, Supplier<? extends RandomGenerator> random) {
        return new Unprepared("powerOfTwoChoices", nodes -> new PowerOfTwoChoices(nodes, cost, random));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == nodes.version() ? this : new PowerOfTwoChoices(candidates, cost, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        boolean filtered = request.hasExclusions();
        int n = filtered ? countAllowed(request) : indexes.length;
        if (n < 2) {
            return n == 0 ? null : nodes.get(filtered ? allowed(request, 0) : indexes[0]);
        }
        long bits = random.get().nextLong();
        int first = Candidates.below(n, (int) (bits >>> 32));
        int other = Candidates.below(n - 1, (int) bits);
        int second = other >= first ? other + 1 : other; // every ordered pair has the same probability
        if (filtered) {
            return cheaper(allowed(request, first), allowed(request, second), nowNanos);
        } else if (alike.length == 0 || nodes.hasSlowStart(nowNanos)) {
            return cheaper(indexes[first], indexes[second], nowNanos);
        }
        return lessBusy(alike[first], alike[second]);
    }

    /** What costs by requests would say, without going through them. */
    private static Node lessBusy(Node one, Node other) {
        return other.inFlight() < one.inFlight() ? other : one;
    }

    private Node cheaper(int first, int second, long nowNanos) {
        int order = Double.compare(cost.of(nodes, second, nowNanos), cost.of(nodes, first, nowNanos));
        return nodes.get(order < 0 ? second : first);
    }

    private int countAllowed(RequestContext request) {
        int count = 0;
        for (int i : indexes) {
            if (!request.excludes(nodes.get(i))) {
                count++;
            }
        }
        return count;
    }

    /** Where the nth node is that is not excluded, from 0. */
    private int allowed(RequestContext request, int n) {
        int found = indexes[0];
        int left = n;
        for (int i : indexes) {
            if (!request.excludes(nodes.get(i))) {
                found = i;
                if (left-- == 0) {
                    break;
                }
            }
        }
        return found;
    }
}
