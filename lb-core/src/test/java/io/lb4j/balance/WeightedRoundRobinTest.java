package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import io.lb4j.vectors.Vectors;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedRoundRobinTest {
    private final VirtualTime time = new VirtualTime();

    private static Balancer startingAt(int place) {
        return Balancers.weightedRoundRobin(Nodes.scripted((long) place << 32));
    }

    private static Balancer fromTheStart(NodeSet nodes) {
        return startingAt(0).prepare(nodes);
    }

    static List<Object> smooth() {
        return Vectors.list(Vectors.json("smooth_wrr.json").get("cases"));
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void sequenceIsTheOneOfNginx(Map<String, Object> vector) {
        NodeSet nodes = Nodes.of(time, Vectors.decimals(vector.get("weights")));
        int[] twoPeriods = Vectors.ints(vector.get("two_periods"));
        assertArrayEquals(twoPeriods, Picks.next(twoPeriods.length, fromTheStart(nodes), nodes));
    }

    @ParameterizedTest
    @CsvSource({
        "5 1 1, A A B A C A A A A B A C A A",
        "25 25 25 25, A B C D A B C D",
        "70 30, A B A A A B A A B A A B",
        "1 1 1 2, D A B C D D A B C D",
        "1 4 1, B A B B C B",
        "3 2 1, A B A C B A",
        "1.5 1, A B A B A A B A B A",
        "0.1 0.2 0.7, C B C C A C C B C C",
        "0.25 0 0.75, C A C C C A C C"
    })
    void sequenceIsTheOneOfApache(String weights, String expected) {
        NodeSet nodes = Nodes.of(
                time,
                Arrays.stream(weights.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
        assertEquals(expected, Picks.letters((expected.length() + 1) / 2, fromTheStart(nodes), nodes));
    }

    /** The example of Apache's manual, by an operator's order. */
    @Test
    void orderLeavesOutADisabledNodeAndTakesItBack() {
        MutableEndpointSource source = MutableEndpointSource.of(
                Endpoint.of("a", 80), Endpoint.of("b", 80), Endpoint.of("c", 80), Endpoint.of("d", 80));
        try (LoadBalancer balancer = LoadBalancer.builder("orders", source, startingAt(0))
                .ticker(time)
                .scheduler(time)
                .build()) {
            balancer.disable("b:80");
            assertEquals("A C D A C D", hosts(6, balancer));
            balancer.enable("b:80");
            time.advance(Duration.ofSeconds(20));
            String allFour = hosts(8, balancer);
            assertTrue("A B C D A B C D A B C".contains(allFour), allFour);
        }
    }

    private static String hosts(int count, LoadBalancer balancer) {
        StringJoiner hosts = new StringJoiner(" ");
        for (int i = 0; i < count; i++) {
            try (Lease lease = balancer.acquire(RequestContext.none())) {
                hosts.add(lease.endpoint().host().toUpperCase(Locale.ROOT));
            }
        }
        return hosts.toString();
    }

    @Test
    void nodeThatLeavesLeavesTheOrderOfTheOthers() {
        NodeSet four = Nodes.equal(time, 4);
        NodeSet three = four.filter(node -> node != four.get(1));
        assertEquals("A B C A B C", Picks.letters(6, fromTheStart(four).prepare(three), three));
    }

    /** One heavy host among light ones; scaling down to 16 bits, or clamping, would take most of it away. */
    @ParameterizedTest
    @CsvSource({"10, 1000", "100, 1000", "1000, 1000", "1000, 999000", "1000, 1000000", "3, 50000.5"})
    void heavyNodeGetsItsExactShare(int count, double heavy) {
        double[] weights = DoubleStream.generate(() -> 1).limit(count).toArray();
        weights[count / 2] = heavy;
        NodeSet nodes = Nodes.of(time, weights);
        int[] counts = Picks.counts(1_000_000, fromTheStart(nodes), nodes);
        for (int i = 0; i < count; i++) {
            assertEquals(1_000_000 * weights[i] / nodes.totalWeight(), counts[i], 5, "node " + i);
        }
    }

    @Test
    void anyWeightsGetTheirShareAfterAnyNumberOfPicks() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 20; round++) {
            double[] weights = random.doubles(2 + random.nextInt(30))
                    .map(x -> Math.exp(8 * x))
                    .toArray();
            NodeSet nodes = Nodes.of(time, weights);
            Balancer prepared = startingAt(random.nextInt()).prepare(nodes);
            int[] counts = new int[weights.length];
            for (int picks = 1; picks <= 5_000; picks++) {
                counts[Picks.next(prepared, nodes)]++;
                for (int i = 0; i < weights.length; i++) {
                    double expected = picks * weights[i] / nodes.totalWeight();
                    assertEquals(expected, counts[i], 4, "node " + i + " of " + Arrays.toString(weights));
                }
            }
        }
    }

    @Test
    void orderStartsAtARandomPlace() {
        NodeSet nodes = Nodes.of(time, 5, 1, 1);
        assertEquals("C A A A A", Picks.letters(5, startingAt(4).prepare(nodes), nodes));
        assertEquals("A A A B", Picks.letters(4, startingAt(-1).prepare(nodes), nodes));
    }

    @Test
    void orderGoesOnAfterAnUpdate() {
        NodeSet before = Nodes.of(time, 5, 1, 1);
        Balancer prepared = fromTheStart(before);
        assertEquals("A A B A", Picks.letters(4, prepared, before));
        NodeSet after = Nodes.of(time, 5, 1, 1);
        assertEquals("C A A", Picks.letters(3, prepared.prepare(after), after));
    }

    @Test
    void sameNodesAndWeightsNeedNoNewTable() {
        NodeSet nodes = Nodes.of(time, 5, 1, 1);
        Balancer prepared = fromTheStart(nodes);
        assertSame(prepared, prepared.prepare(nodes.filter(node -> true)));
        assertNotSame(prepared, prepared.prepare(nodes.weighted(node -> 1)));
    }

    /** An update after each pick, back and forth between an order with a short period and a computed one. */
    @Test
    void updatesThatChangeTheKindOfOrderDoNotSkewTheShares() {
        NodeSet whole = Nodes.of(time, 5, 1, 1);
        NodeSet odd = whole.weighted(node -> node == whole.get(0) ? 5.000_123 : 1);
        RandomGenerator random = new SplittableRandom(8);
        Balancer prepared = Balancers.weightedRoundRobin(() -> random);
        int[] counts = new int[3];
        for (int i = 0; i < 7_000; i++) {
            NodeSet update = i % 2 == 0 ? odd : whole;
            prepared = prepared.prepare(update);
            counts[Picks.next(prepared, update)] += i % 2 == 0 ? 1 : 0;
        }
        assertEquals(2_500, counts[0], 6 * 26.7, Arrays.toString(counts)); // binomial, m = 3500, p = 5/7
    }

    @Test
    void excludedNodesArePassedOver() {
        NodeSet nodes = Nodes.of(time, 5, 1, 1);
        RequestContext request = Nodes.excluding(nodes.get(1));
        Balancer prepared = fromTheStart(nodes);
        assertArrayEquals(new int[] {500, 0, 100}, Picks.counts(600, prepared, nodes, request));
    }

    @Test
    void restIsSharedByWeightIfAlmostEverythingIsExcluded() {
        NodeSet nodes = Nodes.of(time, 100_000, 1, 2, 1);
        RandomGenerator random = new SplittableRandom(4);
        Balancer prepared = Balancers.weightedRoundRobin(() -> random).prepare(nodes);
        int[] counts = Picks.counts(4_000, prepared, nodes, Nodes.excluding(nodes.get(0)));
        assertEquals(2_000, counts[2], 6 * 31.6, Arrays.toString(counts)); // binomial, p = 1/2
        assertEquals(1_000, counts[1], 6 * 27.4, Arrays.toString(counts)); // p = 1/4
    }

    @Test
    void slowStartReducesTheShareStepByStep() {
        MutableEndpointSource source = MutableEndpointSource.of(Endpoint.of("a", 80));
        try (LoadBalancer balancer = LoadBalancer.builder("orders", source, Balancers.weightedRoundRobin())
                .ticker(time)
                .scheduler(time)
                .build()) {
            source.set(Endpoint.of("a", 80), Endpoint.of("b", 80));
            assertEquals(1_000 * 0.1 / 1.1, newcomers(balancer), 3);
            time.advance(Duration.ofMillis(5_050));
            assertEquals(1_000 * 0.5 / 1.5, newcomers(balancer), 1_000 * 0.02);
            time.advance(Duration.ofSeconds(6));
            assertEquals(500, newcomers(balancer), 1);
        }
    }

    private static int newcomers(LoadBalancer balancer) {
        int count = 0;
        for (int i = 0; i < 1_000; i++) {
            try (Lease lease = balancer.acquire(RequestContext.none())) {
                count += lease.endpoint().host().equals("b") ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void setWithoutWeightHasNobodyToPick() {
        NodeSet nodes = Nodes.of(time, 0, 0);
        assertSame(null, fromTheStart(nodes).pick(nodes, RequestContext.none(), 0));
        assertTrue(nodes.totalWeight() == 0);
    }
}
