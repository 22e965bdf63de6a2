package io.lb4j.health;

import io.lb4j.HealthTracker;
import io.lb4j.Node;
import java.util.function.Supplier;

/** A tracker as it is configured: knows how to start for one LoadBalancer, and nothing else. */
record Unstarted(String name, Supplier<HealthTracker> starting) implements HealthTracker {
    @Override
    public HealthTracker start() {
        return starting.get();
    }

    @Override
    public NodeHealth track(Node node) {
        throw new IllegalStateException(name + ": not started (expected: " + name + ".start().track(node))");
    }

    @Override
    public String toString() {
        return name;
    }
}
