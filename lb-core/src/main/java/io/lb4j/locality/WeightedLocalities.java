package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.Endpoint;
import io.lb4j.LocalityPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Envoy's locality weights: each locality gets its share as long as it has the nodes to carry it, then less.
 *
 * @param locality where an endpoint is
 * @param weights the share of each locality; one without is a fallback
 */
record WeightedLocalities(Function<? super Endpoint, String> locality, Map<String, Double> weights)
        implements LocalityPolicy {
    private static final double OVERPROVISIONING = 1.4;

    @Override
    public List<Tier> arrange(Availability nodes) {
        List<Tier> tiers = new ArrayList<>();
        for (Map.Entry<String, Double> each : weights.entrySet()) {
            Availability there =
                    nodes.filter(node -> locality.apply(node.endpoint()).equals(each.getKey()));
            double able = OVERPROVISIONING * there.healthy().size() / Math.max(1, there.size());
            tiers.add(new Tier(there.serving(), each.getValue() * Math.min(1, able)));
        }
        Availability others = nodes.filter(node -> !weights.containsKey(locality.apply(node.endpoint())));
        tiers.add(new Tier(others.serving(), 0));
        return tiers;
    }
}
