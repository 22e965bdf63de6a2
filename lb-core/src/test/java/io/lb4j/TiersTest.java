package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.HealthProbe.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class TiersTest {
    private final Map<String, Object> health = new ConcurrentHashMap<>();

    /** Answers what the test has put down: a verdict, or the reason of a failure. */
    private final HealthProbe scripted = (endpoint, timeout) -> {
        Object answer = health.getOrDefault(endpoint.id(), Verdict.PASS);
        if (answer instanceof Verdict verdict) {
            return verdict;
        }
        throw new IllegalStateException(answer.toString());
    };

    private Bench checked(Endpoint... endpoints) {
        return new Bench(
                builder -> builder.healthProbe(
                                scripted, HealthProbe.Schedule.standard().withJitter(0))
                        .random(Bench::latest)
                        .probeExecutor(Runnable::run),
                MutableEndpointSource.of(endpoints),
                Bench.FIRST);
    }

    private static Endpoint backup(String id) {
        return Bench.endpoint(id).withPriority(1);
    }

    // ------------------------------------------------------------------------------------------ tiers

    @Test
    void backupsServeOnlyWhenNoPrimaryCan() {
        try (Bench bench = checked(backup("z"), Bench.endpoint("a"), Bench.endpoint("b"))) {
            bench.advance(1);
            assertEquals("a", bench.next());
            bench.balancer.disable("a");
            assertEquals("b", bench.next());
            bench.balancer.disable("b");
            assertEquals("z", bench.next());
            bench.balancer.enable("b");
            assertEquals("b", bench.next());
        }
    }

    @Test
    void aRequestThatExcludesEveryPrimaryGoesToTheBackup() {
        try (Bench bench = checked(backup("z"), Bench.endpoint("a"))) {
            bench.advance(1);
            Node a = bench.node("a");
            assertEquals("z", bench.next(excluding(a)));
        }
    }

    private static RequestContext excluding(Node excluded) {
        return new RequestContext() {
            @Override
            public boolean hasExclusions() {
                return true;
            }

            @Override
            public boolean excludes(Node node) {
                return node == excluded;
            }
        };
    }

    @Test
    void tiersAreTriedBeforePanic() {
        try (Bench bench = checked(Bench.endpoint("a"), Bench.endpoint("b"), backup("y"), backup("z"))) {
            bench.advance(1);
            health.put("a", "down");
            health.put("b", "down");
            bench.advance(16_000);
            assertEquals(Node.State.DOWN, bench.node("a").state());
            assertEquals("y", bench.next());
            assertTrue(bench.events.stream().noneMatch(event -> event.startsWith("panic")));
        }
    }

    @Test
    void panicAddsDownNodesButNeverDisabledOnes() {
        try (Bench bench = checked(Bench.endpoints("a", "b", "c"))) {
            bench.balancer.disable("a");
            bench.advance(1);
            health.put("b", "down");
            health.put("c", "down");
            bench.advance(16_000);
            assertTrue(bench.events.contains("panic true"));
            assertEquals("b", bench.next());
            health.clear();
            bench.advance(11_000);
            assertTrue(bench.events.contains("panic false"));
            assertEquals(Node.State.UP, bench.node("c").state());
        }
    }

    @Test
    void inPanicEachVerdictLeavesANodeAQuarterOfItsWeight() {
        List<Double> weights = new ArrayList<>();
        Balancer weighing = new Balancer() {
            @Override
            public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
                return candidates.get(0);
            }

            @Override
            public Balancer prepare(NodeSet candidates) {
                weights.clear();
                for (int i = 0; i < candidates.size(); i++) {
                    weights.add(candidates.weight(i));
                }
                return this;
            }
        };
        try (Bench bench = new Bench(
                builder -> builder.healthProbe(
                                scripted, HealthProbe.Schedule.standard().withJitter(0))
                        .random(Bench::latest)
                        .probeExecutor(Runnable::run),
                MutableEndpointSource.of(
                        Bench.endpoint("a").withWeight(4),
                        Bench.endpoint("b"),
                        Bench.endpoint("c"),
                        Bench.endpoint("d")),
                weighing)) {
            bench.advance(30);
            bench.fail("b", 5);
            for (String id : List.of("a", "b", "c")) {
                health.put(id, "down");
            }
            bench.advance(16_000);
            assertTrue(bench.events.contains("panic true"));
            assertEquals(List.of(1.0, 1 / 16.0, 0.25, 1.0), weights);
        }
    }

    @Test
    void sharesSplitRequestsBetweenTiers() {
        LocalityPolicy split = nodes -> List.of(
                new LocalityPolicy.Tier(
                        nodes.serving().filter(node -> node.endpoint().zone().equals("east")), 3),
                new LocalityPolicy.Tier(
                        nodes.serving().filter(node -> node.endpoint().zone().equals("west")), 1));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        try (Bench bench = new Bench(
                builder -> builder.locality(split).random(() -> random),
                MutableEndpointSource.of(
                        Bench.endpoint("e").withZone("east"),
                        Bench.endpoint("w").withZone("west")),
                Bench.FIRST)) {
            Map<String, Integer> counts = new TreeMap<>();
            for (int i = 0; i < 4_000; i++) {
                counts.merge(bench.next(), 1, Integer::sum);
            }
            // sd of the binomial is 27; 6 sd either side
            assertEquals(3_000, counts.get("e"), 165);
            bench.balancer.disable("e");
            assertEquals("w", bench.next());
        }
    }

    @Test
    void aFallbackTierTakesWhatAFullTierCannot() {
        try (Bench bench = checked(Bench.endpoint("a").withMaxInFlight(1), backup("z"))) {
            bench.advance(1);
            try (Lease first = bench.balancer.acquire(RequestContext.none());
                    Lease second = bench.balancer.acquire(RequestContext.none())) {
                assertEquals("a", first.endpoint().id());
                assertEquals("z", second.endpoint().id());
            }
        }
    }

    // ------------------------------------------------------------------------------------------ checks

    @Test
    void theFirstCheckDecides() {
        health.put("a", "refused");
        try (Bench bench = checked(Bench.endpoints("a", "b"))) {
            assertEquals(Node.State.CHECKING, bench.node("a").state());
            bench.advance(1);
            assertEquals(Node.State.DOWN, bench.node("a").state());
            assertEquals(
                    "check failed: IllegalStateException: refused",
                    bench.node("a").reason());
            assertEquals(Node.State.UP, bench.node("b").state());
            assertEquals("b", bench.next());
        }
    }

    @Test
    void uncheckedNodesServeWhileNothingIsKnownToBeUp() {
        try (Bench bench = checked(Bench.endpoints("a", "b"))) {
            assertEquals("a", bench.next());
        }
    }

    @Test
    void threeFailsInARowTakeDownAndTwoPassesTakeBack() {
        try (Bench bench = checked(Bench.endpoints("a", "b", "c"))) {
            bench.advance(1);
            health.put("a", "503");
            bench.advance(10_000);
            assertEquals(Node.State.UP, bench.node("a").state());
            bench.advance(5_000);
            assertEquals(Node.State.DOWN, bench.node("a").state());
            health.remove("a");
            bench.advance(5_000);
            assertEquals(Node.State.DOWN, bench.node("a").state());
            bench.advance(5_000);
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void alternatingResultsTakeNobodyDown() {
        try (Bench bench = checked(Bench.endpoints("a", "b", "c"))) {
            bench.advance(1);
            for (int i = 0; i < 10; i++) {
                if (i % 2 == 0) {
                    health.put("a", "503");
                } else {
                    health.remove("a");
                }
                bench.advance(5_000);
                assertEquals(Node.State.UP, bench.node("a").state());
            }
        }
    }

    @Test
    void degradedNodesServeOnlyWhileTheOthersDoNotSuffice() {
        health.put("a", Verdict.DEGRADED);
        try (Bench bench = checked(Bench.endpoints("a", "b", "c"))) {
            bench.advance(30);
            assertEquals(Node.State.DEGRADED, bench.node("a").state());
            assertEquals("b", bench.next());
            health.put("b", Verdict.DEGRADED);
            bench.advance(5_000);
            assertEquals("a", bench.next(), "one of three does not suffice");
        }
    }

    @Test
    void aPassMovesAnEjectedNodeToHalfOpenAndNoFurther() {
        try (Bench bench = checked(Bench.endpoints("a", "b"))) {
            bench.advance(4_900);
            bench.fail("a", 5);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.advance(150);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            bench.advance(30_000);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            assertEquals("a", bench.next());
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void aNodeThatLeavesIsCheckedNoMore() {
        try (Bench bench = checked(Bench.endpoints("a", "b"))) {
            bench.advance(1);
            bench.deliver("b");
            health.put("a", "gone");
            Node b = bench.node("b");
            bench.advance(59_000);
            bench.deliver("a", "b");
            assertEquals(Node.State.UP, b.state());
            assertEquals(Node.State.CHECKING, bench.node("a").state());
        }
    }

    @Test
    void aColdPoolIsNotLeftToTheFirstNodeThatPasses() {
        Balancer last = (nodes, request, now) -> nodes.get(nodes.size() - 1);
        MutableEndpointSource source = MutableEndpointSource.of(Bench.endpoints("a", "b", "c", "d"));
        try (Bench bench = new Bench(
                builder -> builder.healthProbe(scripted, HealthProbe.Schedule.standard())
                        .probeExecutor(Runnable::run),
                source,
                last)) {
            bench.node("a").flag(Node.CHECKING, false, "first check passed");
            bench.balancer.reweight("a", 2);
            assertEquals("d", bench.next(), "one of four does not suffice");
            bench.node("b").flag(Node.CHECKING, false, "first check passed");
            bench.balancer.reweight("b", 2);
            assertEquals("b", bench.next(), "two of four do");
        }
    }

    @Test
    void aNodeThatRecoversStartsSlowlyIfTheOthersAreWarm() {
        try (Bench bench = checked(Bench.endpoints("a", "b", "c"))) {
            bench.advance(1);
            health.put("a", "503");
            bench.advance(16_000);
            assertEquals(Node.State.DOWN, bench.node("a").state());
            health.remove("a");
            while (bench.node("a").state() == Node.State.DOWN) {
                bench.advance(10);
            }
            assertTrue(bench.node("a").slowStart(bench.time.nanoTime()) < 0.11);
        }
    }

    @Test
    void aPoolThatRecoversAsAWholeDoesNotRamp() {
        try (Bench bench = checked(Bench.endpoints("a", "b", "c"))) {
            bench.advance(1);
            List.of("a", "b", "c").forEach(id -> health.put(id, "503"));
            bench.advance(16_000);
            health.clear();
            bench.advance(60_000);
            assertTrue(bench.events.contains("panic false"));
            bench.balancer.nodes().forEach(node -> assertEquals(Node.State.UP, node.state()));
            assertEquals(1, bench.node("a").slowStart(bench.time.nanoTime()));
        }
    }
}
