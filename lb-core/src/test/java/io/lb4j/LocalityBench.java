package io.lb4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Fleets in zones behind a LoadBalancer with a locality policy, and where their requests go. */
final class LocalityBench {
    private LocalityBench() {}

    /** Gives 0, 1/100, 2/100 ... as doubles, so that 100 requests are split exactly as the plan says. */
    private static RandomGenerator stepping() {
        long[] step = {-1};
        return () -> {
            step[0] = (step[0] + 1) % 100;
            return (step[0] * ((1L << 53) / 100 + 1)) << 11;
        };
    }

    static Bench bench(LocalityPolicy policy, Endpoint... endpoints) {
        RandomGenerator random = stepping();
        return new Bench(
                builder -> builder.locality(policy).random(() -> random).slowStart(Duration.ZERO, 1),
                MutableEndpointSource.of(endpoints),
                Bench.FIRST);
    }

    static Endpoint in(String zone, String id) {
        return Bench.endpoint(id).withZone(zone);
    }

    static Endpoint[] fleet(Object... zonesAndCounts) {
        List<Endpoint> fleet = new ArrayList<>();
        for (int i = 0; i < zonesAndCounts.length; i += 2) {
            for (int n = 0; n < (int) zonesAndCounts[i + 1]; n++) {
                fleet.add(in((String) zonesAndCounts[i], zonesAndCounts[i] + "-" + n));
            }
        }
        return fleet.toArray(Endpoint[]::new);
    }

    static void set(Bench bench, int flag, boolean on, String... ids) {
        for (String id : ids) {
            bench.node(id).flag(flag, on, "as the test wants");
        }
        bench.balancer.resetWeight(bench.balancer.nodes().get(0).endpoint().id()); // makes the plan again
    }

    static void down(Bench bench, String zone, int count) {
        for (int i = 0; i < count; i++) {
            set(bench, Node.DOWN, true, zone + "-" + i);
        }
    }

    /** How many of 100 requests go where. */
    static Map<String, Integer> split(Bench bench, Function<Node, String> by) {
        Map<String, Integer> split = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                lease.report(Outcome.SUCCESS);
                split.merge(by.apply(lease.node()), 1, Integer::sum);
            }
        }
        return split;
    }

    static String zones(Bench bench) {
        return split(bench, node -> node.endpoint().zone()).toString();
    }
}
