package io.lb4j.health;

import static io.lb4j.health.SuccessRate.percent;

import java.util.List;

/**
 * Finds nodes that fail more often than the others, for pools of any size from 2 nodes.
 *
 * <p>A node is compared with the lower median of the others, so the bad do not hide each other as long as as many are
 * good. It is an outlier if it fails more than that by the gap beyond doubt: the lower end of the confidence interval
 * of its failure rate (Wilson) must lie that far above. So a few errors among few requests are forgiven, and errors
 * that all nodes have are nobody's fault. Immutable.
 *
 * @param gap how far above the others, 0 to 1; 0.1 by default
 * @param deviations how sure, in standard deviations, 0 to 100; 3 by default: 20 requests with 7 failures, or 1000 with
 *     140, against nodes that never fail
 * @param requests how many requests a node must have had to be looked at, at least 1; 20 by default
 */
public record FailureRate(double gap, double deviations, int requests) implements OutlierRule {
    /** Checks the ranges. */
    public FailureRate {
        Checks.range("gap", gap, 0, 1);
        Checks.range("deviations", deviations, 0, 100);
        Checks.atLeast("requests", requests, 1);
    }

    /**
     * Returns the rule with its default settings.
     *
     * @return the rule
     */
    public static FailureRate standard() {
        return new FailureRate(0.1, 3, 20);
    }

    @Override
    public Judgement judge(List<NodeTraffic> pool) {
        List<NodeTraffic> known =
                pool.stream().filter(node -> node.requests() >= requests).toList();
        OthersMedian median = new OthersMedian(known, NodeTraffic::failureRate);
        if (!median.hasOthers()) {
            return node -> null;
        }
        return node -> {
            if (!node.failing() || node.requests() < requests) {
                return null;
            }
            double rate = node.failureRate();
            double others = median.without(rate);
            boolean high = certain(rate, node.requests()) > others + gap;
            return high ? "failure rate " + percent(rate) + ", the others' is " + percent(others) : null;
        };
    }

    /** The lower end of Wilson's confidence interval. */
    private double certain(double rate, double count) {
        double square = deviations * deviations;
        double spread = deviations * Math.sqrt(rate * (1 - rate) / count + square / (4 * count * count));
        return (rate + square / (2 * count) - spread) / (1 + square / count);
    }
}
