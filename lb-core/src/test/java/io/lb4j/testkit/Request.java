package io.lb4j.testkit;

import io.lb4j.Node;
import io.lb4j.RequestContext;
import java.util.Set;

/** A request with a key, which keeps away from some nodes. */
record Request(String key, Set<Node> excluded) implements RequestContext {
    @Override
    public boolean hasExclusions() {
        return !excluded.isEmpty();
    }

    @Override
    public boolean excludes(Node node) {
        return excluded.contains(node);
    }
}
