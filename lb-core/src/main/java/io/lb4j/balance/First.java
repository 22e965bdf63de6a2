package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import org.jspecify.annotations.Nullable;

/** The first node of the list that can take the request. */
enum First implements Balancer {
    INSTANCE;

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        boolean filtered = request.hasExclusions();
        for (int i = 0; i < candidates.size(); i++) {
            Node node = candidates.get(i);
            if (candidates.weight(i) > 0 && !(filtered && request.excludes(node))) {
                return node;
            }
        }
        return null;
    }
}
