package io.lb4j.health;

import static io.lb4j.health.SuccessRate.percent;

import java.util.List;

/**
 * Finds nodes that fail a fixed part of their requests, whatever the others do (Envoy's failure percentage detector).
 *
 * <p>Not in use unless asked for: when all nodes fail it wants them all out. Immutable.
 *
 * @param limit the part of failures from which on a node is an outlier, more than 0 to 1; 0.85 by default
 * @param nodes how many nodes must have enough requests, at least 1; 3 by default
 * @param requests how many requests a node must have had to be looked at, at least 1; 20 by default
 */
public record FailurePercentage(double limit, int nodes, int requests) implements OutlierRule {
    /** Checks the ranges. */
    public FailurePercentage {
        Checks.range("limit", limit, 1e-6, 1);
        Checks.atLeast("nodes", nodes, 1);
        Checks.atLeast("requests", requests, 1);
    }

    /**
     * Returns the rule with its default settings.
     *
     * @return the rule
     */
    public static FailurePercentage standard() {
        return new FailurePercentage(0.85, 3, 20);
    }

    @Override
    public Judgement judge(List<NodeTraffic> pool) {
        long known = pool.stream().filter(node -> node.requests() >= requests).count();
        return node -> known >= nodes && node.failing() && node.requests() >= requests && node.failureRate() >= limit
                ? "failure rate " + percent(node.failureRate())
                : null;
    }
}
