package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;

/** Picks one after the other, nothing happening on the nodes, as positions, letters or counts. */
final class Picks {
    private Picks() {}

    static int next(Balancer prepared, NodeSet nodes, RequestContext request, long now) {
        Node picked = prepared.pick(nodes, request, now);
        Assertions.assertNotNull(picked, "no node was picked");
        return Nodes.indexOf(nodes, picked);
    }

    static int next(Balancer prepared, NodeSet nodes) {
        return next(prepared, nodes, RequestContext.none(), nodes.nanoTime());
    }

    static int[] next(int count, Balancer prepared, NodeSet nodes) {
        return IntStream.range(0, count).map(i -> next(prepared, nodes)).toArray();
    }

    /** The first node is A. */
    static String letters(int count, Balancer prepared, NodeSet nodes) {
        return letters(next(count, prepared, nodes));
    }

    static String letters(int... picks) {
        return Arrays.stream(picks)
                .mapToObj(i -> String.valueOf((char) ('A' + i)))
                .collect(Collectors.joining(" "));
    }

    static int[] counts(int count, Balancer prepared, NodeSet nodes) {
        return counts(count, prepared, nodes, RequestContext.none());
    }

    static int[] counts(int count, Balancer prepared, NodeSet nodes, RequestContext request) {
        Map<Node, Integer> positions = Candidates.positions(nodes);
        int[] counts = new int[nodes.size()];
        for (int i = 0; i < count; i++) {
            Integer picked = positions.get(prepared.pick(nodes, request, nodes.nanoTime()));
            counts[Objects.requireNonNull(picked, "no candidate was picked")]++;
        }
        return counts;
    }
}
