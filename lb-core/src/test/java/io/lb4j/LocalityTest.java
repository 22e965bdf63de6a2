package io.lb4j;

import static io.lb4j.LocalityBench.bench;
import static io.lb4j.LocalityBench.down;
import static io.lb4j.LocalityBench.fleet;
import static io.lb4j.LocalityBench.in;
import static io.lb4j.LocalityBench.set;
import static io.lb4j.LocalityBench.split;
import static io.lb4j.LocalityBench.zones;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NoEndpointAvailableException.Reason;
import io.lb4j.locality.Localities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Locality policies through the whole engine: where requests really go. */
class LocalityTest {
    /** Binds every session to the endpoint "far". */
    private static final StickinessPolicy FAR = new StickinessPolicy() {
        @Override
        public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
            return all.find("far");
        }

        @Override
        public void bind(String session, Node node, long nowNanos) {}
    };

    // ------------------------------------------------------------------------------------------ priorities

    /** Each priority as total/healthy/degraded/excluded; the unit test vectors of Envoy. */
    @ParameterizedTest(name = "{0}: {1}, degraded {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "100/72 100/100        | 100 0    | 0 0",
                "100/71 100/100        | 99 1     | 0 0",
                "100/70 100/100        | 98 2     | 0 0",
                "100/50 100/100        | 70 30    | 0 0",
                "100/25 100/100        | 35 65    | 0 0",
                "100/0 100/100         | 0 100    | 0 0",
                "3/2 3/3               | 93 7     | 0 0",
                "3/1 3/3               | 46 54    | 0 0",
                "100/25 100/25         | 50 50    | 0 0",
                "100/5 100/65          | 8 92     | 0 0",
                "100/25 100/25 100/20  | 34 33 33 | 0 0 0",
                "4/1 4/1 4/1           | 35 35 30 | 0 0 0",
                "5/1 5/1 5/1           | 34 33 33 | 0 0 0",
                "5/0 5/0 5/2           | 34 33 33 | 0 0 0",
                "5/0/5 5/2/2 5/2       | 0 56 44  | 0 0 0",
                "5/0/1 5/0/5 5/1       | 0 0 28   | 28 44 0",
                "100/71/29             | 99       | 1",
                "100/25/65             | 35       | 65",
                "1/0 1/0               | 50 50    | 0 0",
                "1/0 2/0               | 34 66    | 0 0",
                "5/0 6/0 3/0           | 37 42 21 | 0 0 0",
                "4/1/0/3 5/1           | 100 0    | 0 0",
                "100/45 100/45         | 63 37    | 0 0"
            })
    void loadsByPriorityAreThoseOfEnvoy(String priorities, String healthy, String degraded) {
        List<Endpoint> endpoints = new ArrayList<>();
        Map<String, Integer> flags = new LinkedHashMap<>();
        String[] levels = priorities.trim().split(" ");
        for (int level = 0; level < levels.length; level++) {
            populate(level, levels[level], endpoints, flags);
        }
        try (Bench bench = bench(Localities.priorities(), endpoints.toArray(Endpoint[]::new))) {
            flags.forEach((id, flag) -> bench.node(id).flag(flag, true, "as the test wants"));
            set(bench, Node.DOWN, false);
            boolean panic = bench.events.contains("panic true");
            Map<String, Integer> split = split(bench, node -> {
                boolean apart = !panic && node.state() == Node.State.DEGRADED;
                return (apart ? "d" : "h") + node.endpoint().priority();
            });
            assertEquals(healthy.trim(), loads(split, "h", levels.length));
            assertEquals(degraded.trim(), loads(split, "d", levels.length));
        }
    }

    private static void populate(int level, String what, List<Endpoint> endpoints, Map<String, Integer> flags) {
        String[] counts = what.split("/");
        int healthy = Integer.parseInt(counts[1]);
        int degraded = counts.length > 2 ? Integer.parseInt(counts[2]) : 0;
        int excluded = counts.length > 3 ? Integer.parseInt(counts[3]) : 0;
        for (int i = 0; i < Integer.parseInt(counts[0]); i++) {
            String id = "p" + level + "-" + i;
            endpoints.add(Bench.endpoint(id).withPriority(level));
            if (i >= healthy) {
                boolean out = i >= healthy + degraded + excluded;
                flags.put(id, i < healthy + degraded ? Node.DEGRADED : out ? Node.DOWN : Node.ORDERED_OUT);
            }
        }
    }

    private static String loads(Map<String, Integer> split, String kind, int levels) {
        List<String> loads = new ArrayList<>();
        for (int level = 0; level < levels; level++) {
            loads.add(String.valueOf(split.getOrDefault(kind + level, 0)));
        }
        return String.join(" ", loads);
    }

    @Test
    void loadsFollowHealthAsNodesGoDownAreEjectedDegradeAndRecover() {
        try (Bench bench = bench(Localities.failover("west", "east"), fleet("west", 4, "east", 4))) {
            assertEquals("{west=100}", zones(bench));
            down(bench, "west", 2);
            assertEquals("{east=30, west=70}", zones(bench));
            bench.fail("west-2", 5);
            bench.advance(30);
            assertEquals("{east=65, west=35}", zones(bench));
            set(bench, Node.DEGRADED, true, "west-3");
            assertEquals("{east=100}", zones(bench));
            set(bench, Node.DEGRADED, false, "west-3");
            set(bench, Node.DOWN, false, "west-0", "west-1");
            assertEquals("{west=100}", zones(bench), "three of four are enough");
        }
    }

    @Test
    void prioritiesTogetherMaySufficeWhereNoneStandsAlone() {
        try (Bench bench = bench(Localities.failover("west", "east"), fleet("west", 20, "east", 20))) {
            down(bench, "west", 11);
            down(bench, "east", 11);
            assertEquals("{east=37, west=63}", zones(bench));
            assertTrue(bench.events.stream().noneMatch(event -> event.startsWith("panic")), "63 and 63 are enough");
            down(bench, "west", 14);
            down(bench, "east", 14);
            assertTrue(bench.events.contains("panic true"), "42 and 42 are not");
        }
    }

    @Test
    void aFullRegionSpillsOverWithinTheSameRequest() {
        Endpoint near = in("west", "near").withMaxInFlight(1);
        try (Bench bench = bench(Localities.failover("west", "east"), near, in("east", "far"));
                Lease first = bench.balancer.acquire(RequestContext.none());
                Lease second = bench.balancer.acquire(RequestContext.none())) {
            assertEquals("near", first.endpoint().id());
            assertEquals("far", second.endpoint().id());
        }
    }

    @Test
    void aSessionOverridesLocalityButNotWhatIsNotAllowed() {
        List<LocalityPolicy> policies = List.of(
                Localities.failover("west", "east"),
                Localities.zoneAware("west"),
                Localities.only(Set.of("west"), LocalityPolicy.none()));
        for (LocalityPolicy policy : policies) {
            try (Bench bench = new Bench(
                    builder -> builder.locality(policy).stickiness(FAR, SessionFallback.REBIND),
                    MutableEndpointSource.of(in("west", "near"), in("east", "far")),
                    Bench.FIRST)) {
                assertEquals("near", bench.next());
                boolean never = policies.indexOf(policy) == 2;
                assertEquals(never ? "near" : "far", bench.next(RequestContext.ofSession("s")));
            }
        }
    }

    @Test
    void noSessionWaitsForANodeThatIsNotAllowed() {
        LocalityPolicy onlyWest = Localities.only(Set.of("west"), LocalityPolicy.none());
        try (Bench bench = new Bench(
                builder -> builder.locality(onlyWest)
                        .stickiness(FAR, SessionFallback.FAIL)
                        .queue(10, Duration.ofSeconds(2)),
                MutableEndpointSource.of(in("west", "near"), in("east", "far").withMaxInFlight(1)),
                Bench.FIRST)) {
            try (Lease busy = bench.node("far").acquire()) {
                assertEquals("far", busy.endpoint().id());
                CompletableFuture<Lease> refused = bench.balancer.acquireAsync(RequestContext.ofSession("s"));
                assertTrue(refused.isCompletedExceptionally(), "it would be in vain however many slots came free");
            }
        }
    }

    @Test
    void ejectedNodesOfEveryTierWithAShareGetTrials() {
        LocalityPolicy halves = Localities.weighted(Map.of("west", 1.0, "east", 1.0));
        try (Bench bench = bench(halves, fleet("west", 3, "east", 3))) {
            bench.fail("west-0", 5);
            bench.fail("east-0", 5);
            bench.advance(1_100);
            assertEquals(Node.State.HALF_OPEN, bench.node("east-0").state());
            split(bench, Node::toString);
            assertEquals(Node.State.UP, bench.node("west-0").state());
            assertEquals(Node.State.UP, bench.node("east-0").state());
        }
    }

    // ------------------------------------------------------------------------------------------ zones and regions

    @Test
    void theOwnZoneServesAndSpillsOverWhatItCannotCarry() {
        try (Bench bench = bench(Localities.zoneAware("a"), fleet("b", 5, "a", 4, "c", 5))) {
            assertEquals("{a=100}", zones(bench));
            down(bench, "a", 2);
            assertEquals(70, split(bench, node -> node.endpoint().zone()).get("a"));
            down(bench, "a", 4);
            assertEquals("{b=100}", zones(bench), "FIRST takes the first of the others");
        }
    }

    @Test
    void backupsOfTheOwnZoneStayBackups() {
        try (Bench bench =
                bench(Localities.zoneAware("a"), in("a", "backup").withPriority(1), in("a", "near"), in("b", "far"))) {
            assertEquals("near", bench.next());
            bench.balancer.disable("near");
            assertEquals("far", bench.next());
            bench.balancer.disable("far");
            assertEquals("backup", bench.next());
        }
    }

    /** The unit test vectors of Envoy: clients by zone, servers by zone, percentages from the first zone. */
    @ParameterizedTest(name = "clients {0}, servers {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "40 40 20 | 5 10 5  | 62.5 25 12.5",
                "20 80    | 1 9     | 50 50",
                "50 30 20 | 2 4 4   | 40 20 40",
                "20 80    | 3 7     | 100 0",
                "50 50    | 4 6     | 80 20"
            })
    void zoneAwareRoutingIsThatOfEnvoy(String clients, String servers, String expected) {
        Map<String, Integer> clientsByZone = new LinkedHashMap<>();
        List<Object> fleet = new ArrayList<>();
        for (int i = 0; i < clients.trim().split(" ").length; i++) {
            clientsByZone.put("z" + i, Integer.parseInt(clients.trim().split(" ")[i]));
            fleet.add("z" + i);
            fleet.add(Integer.parseInt(servers.trim().split(" ")[i]));
        }
        NodeSet nodes = NodeSet.of(() -> 0, fleet(fleet.toArray()));
        Map<String, Double> shares = new TreeMap<>();
        Localities.zoneAware("z0", clientsByZone).arrange(Availability.of(nodes, node -> Node.State.UP)).stream()
                .filter(tier -> !tier.nodes().isEmpty())
                .forEach(tier -> shares.put(tier.nodes().get(0).endpoint().zone(), tier.share()));
        double whole = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        for (int i = 0; i < clientsByZone.size(); i++) {
            double share = 100 * shares.getOrDefault("z" + i, 0.0) / whole;
            assertEquals(Double.parseDouble(expected.trim().split(" ")[i]), share, 0.01);
        }
    }

    @Test
    void zonesAreNotLookedAtWithFewerThanSixNodes() {
        Map<String, Integer> clients = Map.of("a", 1, "b", 1);
        try (Bench bench = bench(Localities.zoneAware("a", clients), fleet("b", 4, "a", 1))) {
            assertEquals("{b=100}", zones(bench));
        }
        try (Bench bench = bench(Localities.zoneAware("a", clients), fleet("b", 4, "a", 2))) {
            assertEquals("{a=67, b=33}", zones(bench), "33.33 % of the servers for 50 % of the clients");
        }
    }

    /** X has weight 1, Y weight 2 and is whole: the percentages of Envoy's documentation. */
    @ParameterizedTest(name = "X at {0} %: {1}")
    @CsvSource({"100, 33.3", "70, 32.9", "50, 25.9", "25, 14.9", "0, 0"})
    void localityWeightsAreThoseOfEnvoy(int healthy, double expected) {
        NodeSet nodes = NodeSet.of(() -> 0, fleet("x", 100, "y", 100));
        List<String> out = new ArrayList<>();
        for (int i = healthy; i < 100; i++) {
            out.add("x-" + i);
        }
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put("x", 1.0);
        weights.put("y", 2.0);
        List<LocalityPolicy.Tier> tiers = Localities.weighted(weights)
                .arrange(Availability.of(
                        nodes, node -> out.contains(node.endpoint().id()) ? Node.State.DOWN : Node.State.UP));
        double x = tiers.get(0).share();
        double y = tiers.get(1).share();
        assertEquals(expected, 100 * x / (x + y), 0.05);
    }

    @Test
    void activeActiveSplitsByShareAndFailsOverWholly() {
        Map<String, Double> shares = Map.of("west", 70.0, "east", 30.0);
        try (Bench bench = bench(Localities.weighted(shares), fleet("west", 2, "east", 2, "spare", 1))) {
            assertEquals("{east=30, west=70}", zones(bench));
            down(bench, "west", 2);
            assertEquals("{east=100}", zones(bench));
            down(bench, "east", 2);
            assertEquals("{spare=100}", zones(bench), "it has no share and is a fallback");
        }
    }

    @Test
    void onlyWhatIsAllowedServesEvenInPanic() {
        LocalityPolicy onlyEu = Localities.only(Set.of("eu"), LocalityPolicy.byPriority());
        try (Bench bench = bench(onlyEu, fleet("us", 2, "eu", 2))) {
            assertEquals("{eu=100}", zones(bench));
            down(bench, "eu", 2);
            assertTrue(bench.events.contains("panic true"));
            assertEquals("{eu=100}", zones(bench));
            bench.source.set(in("us", "us-0"));
            NoEndpointAvailableException none = assertThrows(
                    NoEndpointAvailableException.class, () -> bench.balancer.acquire(RequestContext.none()));
            assertEquals(Reason.NONE_CHOSEN, none.reason());
        }
    }

    @Test
    void aRegionMayBeAnAttribute() {
        LocalityPolicy policy = Localities.failover(Localities.attribute("region"), "eu", "us");
        try (Bench bench = bench(
                policy,
                in("us-1", "u").withAttribute("region", "us"),
                in("eu-1", "e").withAttribute("region", "eu"),
                in("?", "x"))) {
            assertEquals("e", bench.next());
            bench.balancer.disable("e");
            assertEquals("u", bench.next());
            bench.balancer.disable("u");
            assertEquals("x", bench.next(), "what is not in the list comes last");
        }
    }

    @Test
    void aPriorityOfWhichThePolicyUsesNothingIsPassedOver() {
        LocalityPolicy halves = nodes -> List.of(
                new LocalityPolicy.Tier(
                        nodes.serving().filter(node -> node.endpoint().zone().equals("west")), 1),
                new LocalityPolicy.Tier(
                        nodes.serving().filter(node -> node.endpoint().zone().equals("east")), 1));
        try (Bench bench = bench(
                LocalityPolicy.byPriority(halves),
                in("north", "n"),
                in("west", "w").withPriority(1),
                in("east", "e").withPriority(1))) {
            assertEquals("{east=50, west=50}", zones(bench));
        }
    }

    @Test
    void zonesOfOnePriorityMaySufficeTogetherToo() {
        try (Bench bench = bench(LocalityPolicy.byPriority(Localities.zoneAware("a")), fleet("a", 20, "b", 20))) {
            down(bench, "a", 11);
            down(bench, "b", 11);
            assertEquals("{a=63, b=37}", zones(bench));
            assertTrue(bench.events.stream().noneMatch(event -> event.startsWith("panic")));
        }
    }
}
