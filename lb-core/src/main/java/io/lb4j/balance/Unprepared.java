package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Function;

/** An algorithm as it is configured: knows how to be made ready for a set of nodes, and nothing else. */
record Unprepared(String name, Function<NodeSet, Balancer> preparation) implements Balancer {
    @Override
    public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        throw new IllegalStateException(name + ": not prepared (expected: Balancer ready = " + name
                + ".prepare(nodes), then ready.pick(nodes, ...))");
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return preparation.apply(candidates);
    }

    @Override
    public String toString() {
        return name;
    }
}
