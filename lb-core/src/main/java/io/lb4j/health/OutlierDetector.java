package io.lb4j.health;

import io.lb4j.HealthTracker;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link OutlierDetection} at work for one LoadBalancer; the ticks are serialized. */
final class OutlierDetector implements HealthTracker {
    private final OutlierDetection settings;
    private final NodeStates<TrafficWindow> windows = new NodeStates<>();

    private record Outlier(NodeTraffic traffic, TrafficWindow window, String reason) {}

    OutlierDetector(OutlierDetection settings) {
        this.settings = settings;
    }

    @Override
    public NodeHealth track(Node node) {
        return windows.keep(node, new TrafficWindow(node, settings));
    }

    @Override
    public Duration tickInterval() {
        return Duration.ofNanos(settings.tickNanos);
    }

    @Override
    public void onTick(NodeSet all, long nowNanos, Control control) {
        List<TrafficWindow> serving = new ArrayList<>(all.size());
        List<NodeTraffic> pool = new ArrayList<>(all.size());
        for (Node node : all) {
            TrafficWindow window = windows.of(node);
            if (window != null && window.roll(nowNanos)) {
                serving.add(window);
                pool.add(window.traffic(nowNanos));
            }
        }
        if (pool.isEmpty()) {
            return;
        }
        for (Outlier outlier : outliers(pool, serving)) {
            outlier.window.eject(outlier.reason, control);
        }
    }

    /** The worst first: not all of them may go. */
    private List<Outlier> outliers(List<NodeTraffic> pool, List<TrafficWindow> serving) {
        List<OutlierRule.Judgement> judgements =
                settings.rules.stream().map(rule -> rule.judge(pool)).toList();
        List<Outlier> found = new ArrayList<>();
        for (int i = 0; i < pool.size(); i++) {
            String reason = reason(judgements, pool.get(i));
            if (reason != null) {
                found.add(new Outlier(pool.get(i), serving.get(i), reason));
            }
        }
        found.sort(Comparator.comparingDouble((Outlier outlier) -> -outlier.traffic.failureRate())
                .thenComparingDouble(outlier -> -outlier.traffic.latencyNanos()));
        return found;
    }

    private static @Nullable String reason(List<OutlierRule.Judgement> judgements, NodeTraffic node) {
        for (OutlierRule.Judgement judgement : judgements) {
            String reason = judgement.reason(node);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }
}
