package io.lb4j.examples.demo;

import io.lb4j.Lease;
import io.lb4j.LoadBalancerListener;
import io.lb4j.Node;
import io.lb4j.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts attempts and ejections, and passes on in words what the LoadBalancer decides. Thread-safe. */
final class Observer implements LoadBalancerListener {
    private final Map<String, Counts> counts = new ConcurrentHashMap<>();
    private final Consumer<String> events;

    Observer(Consumer<String> events) {
        this.events = events;
    }

    /** What was counted for one endpoint. */
    record Counts(LongAdder attempts, LongAdder failedAttempts, LongAdder ejections) {}

    Counts counts(String endpoint) {
        return counts.computeIfAbsent(endpoint, name -> new Counts(new LongAdder(), new LongAdder(), new LongAdder()));
    }

    @Override
    public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
        Counts here = counts(lease.endpoint().id());
        here.attempts().increment();
        if (outcome.isFailure()) {
            here.failedAttempts().increment();
        }
    }

    @Override
    public void ejected(Node node, Duration duration, String reason) {
        counts(node.endpoint().id()).ejections().increment();
    }

    @Override
    public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
        events.accept(node.endpoint().id() + ": " + from + " -> " + to + (reason.isEmpty() ? "" : ", " + reason));
    }
}
