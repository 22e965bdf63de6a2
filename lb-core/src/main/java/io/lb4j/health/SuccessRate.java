package io.lb4j.health;

import java.util.List;

/**
 * Finds nodes whose success rate is low for their pool: under the mean by a number of standard deviations (Envoy's
 * success rate detector), and by a gap that matters, and low in itself.
 *
 * <p>The gap and the limit keep 99 % among 100 % in. Needs some nodes: with 1.9 deviations one bad node can be found
 * among 5 or more, two among 10, three among 14. With fewer they hide each other; {@link FailureRate} finds them.
 * Immutable.
 *
 * @param deviations how many standard deviations under the mean, 0 to 100; 1.9 by default
 * @param gap how far under the mean at least, 0 to 1; 0.05 by default
 * @param below success rates from here on are never too low, 0 to 1; 0.95 by default
 * @param nodes how many nodes must have enough requests, at least 2; 5 by default
 * @param requests how many requests a node must have had to be looked at, at least 1; 100 by default
 */
public record SuccessRate(double deviations, double gap, double below, int nodes, int requests) implements OutlierRule {
    /** Checks the ranges. */
    public SuccessRate {
        Checks.range("deviations", deviations, 0, 100);
        Checks.range("gap", gap, 0, 1);
        Checks.range("below", below, 0, 1);
        Checks.atLeast("nodes", nodes, 2);
        Checks.atLeast("requests", requests, 1);
    }

    /**
     * Returns the rule with its default settings.
     *
     * @return the rule
     */
    public static SuccessRate standard() {
        return new SuccessRate(1.9, 0.05, 0.95, 5, 100);
    }

    @Override
    public Judgement judge(List<NodeTraffic> pool) {
        List<NodeTraffic> known =
                pool.stream().filter(node -> node.requests() >= requests).toList();
        if (known.size() < nodes) {
            return node -> null;
        }
        double mean =
                known.stream().mapToDouble(NodeTraffic::successRate).average().orElse(1);
        double limit = mean - deviations * deviation(known, mean);
        return node -> {
            double rate = node.successRate();
            boolean low =
                    node.failing() && node.requests() >= requests && rate < limit && rate <= mean - gap && rate < below;
            return low ? "success rate " + percent(rate) + ", the mean is " + percent(mean) : null;
        };
    }

    private static double deviation(List<NodeTraffic> known, double mean) {
        double squares = known.stream()
                .mapToDouble(node -> (node.successRate() - mean) * (node.successRate() - mean))
                .sum();
        return Math.sqrt(squares / known.size());
    }

    static String percent(double part) {
        return Math.round(part * 1000) / 10.0 + " %";
    }
}
