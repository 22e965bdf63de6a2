package io.lb4j.health;

import java.time.Duration;
import java.util.List;

/**
 * Finds nodes that answer much more slowly than the others: by a factor, and by a time that matters.
 *
 * <p>A node is compared with the lower median of the others. Not in use unless asked for: an algorithm that looks at
 * response times avoids slow nodes without taking them out. Immutable.
 *
 * @param factor how many times as slow as the others, more than 1; 5 by default
 * @param gap how much slower than the others, more than 0; 100 ms by default
 * @param requests how many requests a node must have had to be looked at, at least 1; 20 by default
 */
public record SlowResponses(double factor, Duration gap, int requests) implements OutlierRule {
    /** Checks the ranges. */
    public SlowResponses {
        Checks.range("factor", factor, 1.01, 1e6);
        Checks.positiveNanos("gap", gap);
        Checks.atLeast("requests", requests, 1);
    }

    /**
     * Returns the rule with its default settings.
     *
     * @return the rule
     */
    public static SlowResponses standard() {
        return new SlowResponses(5, Duration.ofMillis(100), 20);
    }

    @Override
    public Judgement judge(List<NodeTraffic> pool) {
        List<NodeTraffic> known =
                pool.stream().filter(node -> node.requests() >= requests).toList();
        OthersMedian median = new OthersMedian(known, NodeTraffic::latencyNanos);
        if (!median.hasOthers()) {
            return node -> null;
        }
        return node -> {
            double own = node.latencyNanos();
            if (node.requests() < requests) {
                return null;
            }
            double others = median.without(own);
            boolean slow = own > factor * others && own > others + gap.toNanos();
            return slow ? "latency " + millis(own) + ", the others' is " + millis(others) : null;
        };
    }

    private static String millis(double nanos) {
        return Math.round(nanos / 1e6) + " ms";
    }
}
