package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Round robin over one set of nodes. */
final class RoundRobin implements Balancer {
    private final Node[] nodes;
    private final long version;
    private final Cursor cursor;

    RoundRobin(NodeSet candidates, Cursor cursor) {
        this.nodes = Candidates.weighted(candidates);
        this.version = candidates.version();
        this.cursor = cursor;
    }

    static Balancer starting(Supplier<? extends RandomGenerator> random) {
        return new Unprepared(
                "roundRobin",
                nodes -> new RoundRobin(nodes, new Cursor(random.get().nextInt())));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == version ? this : new RoundRobin(candidates, cursor);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        int n = nodes.length;
        if (n == 0) {
            return null;
        }
        return request.hasExclusions() ? pickAllowed(request) : nodes[cursor.next(n)];
    }

    private @Nullable Node pickAllowed(RequestContext request) {
        for (int i = 0; i < nodes.length; i++) {
            Node node = nodes[cursor.next(nodes.length)];
            if (!request.excludes(node)) {
                return node;
            }
        }
        return Candidates.allowed(nodes, request, 0); // other threads took what this one was looking for
    }
}
