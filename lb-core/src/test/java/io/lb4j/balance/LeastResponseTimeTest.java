package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LeastResponseTimeTest {
    private static final Duration FAST = Duration.ofNanos(200_000);
    private static final Duration SLOW = Duration.ofNanos(900_000);

    private final VirtualTime time = new VirtualTime();

    private static Supplier<RandomGenerator> seeded() {
        RandomGenerator random = new SplittableRandom(17);
        return () -> random;
    }

    private static Balancer prepared(NodeSet nodes) {
        return Balancers.leastResponseTime(seeded()).prepare(nodes);
    }

    private Node pick(Balancer prepared, NodeSet nodes) {
        Node picked = prepared.pick(nodes, RequestContext.none(), time.nanoTime());
        assertNotNull(picked);
        return picked;
    }

    /** How often each node is picked by a client that makes one request after the other. */
    private int[] use(NodeSet nodes, int requests, Duration... latencies) {
        Balancer prepared = prepared(nodes);
        int[] counts = new int[nodes.size()];
        for (int i = 0; i < requests; i++) {
            int picked = Nodes.indexOf(nodes, pick(prepared, nodes));
            counts[picked]++;
            Nodes.serve(time, nodes.get(picked), latencies[picked], Outcome.SUCCESS);
        }
        return counts;
    }

    @Test
    void latenciesBelowAMillisecondAreToldApart() {
        int[] counts = use(Nodes.equal(time, 2), 2_000, SLOW, FAST);
        assertTrue(counts[1] > 1_900, () -> Arrays.toString(counts));
    }

    @Test
    void weightDividesTheCost() {
        int[] counts = use(Nodes.of(time, 10, 1), 2_000, SLOW, FAST);
        assertTrue(counts[0] > 1_900, () -> Arrays.toString(counts));
    }

    @Test
    void equalWeightsOtherThanOneChangeNothing() {
        int[] counts = use(Nodes.of(time, 3, 3), 2_000, SLOW, FAST);
        assertTrue(counts[1] > 1_900, () -> Arrays.toString(counts));
    }

    @Test
    void someEqualNodesAmongDearOnesHaveEqualShares() {
        NodeSet nodes = Nodes.equal(time, 10);
        for (int busy : new int[] {2, 3, 4, 6, 7, 8, 9}) {
            nodes.get(busy).acquire();
        }
        Balancer prepared = prepared(nodes);
        int[] counts = new int[10];
        for (int i = 0; i < 6_000; i++) {
            counts[Nodes.indexOf(nodes, pick(prepared, nodes))]++;
            time.advance(Duration.ofNanos(10));
        }
        // Binomial with m = 6000, p = 1/3: sd 36.5; 6 sd.
        for (int idle : new int[] {0, 1, 5}) {
            assertEquals(2_000, counts[idle], 220, () -> Arrays.toString(counts));
        }
    }

    @Test
    void busyNodeIsDearer() {
        NodeSet nodes = Nodes.equal(time, 3);
        nodes.get(0).acquire();
        nodes.get(2).acquire();
        assertSame(nodes.get(1), pick(prepared(nodes), nodes));
    }

    @Test
    void nodeThatFailsAtOnceDoesNotAttractRequests() {
        NodeSet nodes = Nodes.equal(time, 5);
        Balancer prepared = prepared(nodes);
        int[] counts = new int[5];
        for (int i = 0; i < 10_000; i++) {
            int picked = Nodes.indexOf(nodes, pick(prepared, nodes));
            counts[picked]++;
            Nodes.serve(
                    time,
                    nodes.get(picked),
                    picked == 3 ? FAST : SLOW,
                    picked == 3 ? Outcome.FAILURE : Outcome.SUCCESS);
        }
        assertTrue(counts[3] < 200, () -> Arrays.toString(counts));
    }

    @Test
    void nodeThatHangsIsNoticedWithinFourMilliseconds() {
        NodeSet nodes = Nodes.equal(time, 2);
        Nodes.serve(time, nodes.get(0), FAST, Outcome.SUCCESS);
        Nodes.serve(time, nodes.get(1), SLOW, Outcome.SUCCESS);
        Balancer prepared = prepared(nodes);
        try (Lease hanging = pick(prepared, nodes).acquire()) {
            assertSame(nodes.get(0), hanging.node());
            assertSame(nodes.get(0), pick(prepared, nodes), "twice 0.2 ms is still less than 0.9 ms");
            time.advance(Duration.ofNanos(LeastResponseTime.REFRESH_NANOS));
            assertSame(nodes.get(1), pick(prepared, nodes));
        }
    }

    @Test
    void cheapestOfTheOthersIsPickedIfTheCheapestIsExcluded() {
        NodeSet nodes = Nodes.equal(time, 4);
        Duration[] latencies = {SLOW, FAST, Duration.ofNanos(500_000), Duration.ofNanos(700_000)};
        for (int i = 0; i < 4; i++) {
            Nodes.serve(time, nodes.get(i), latencies[i], Outcome.SUCCESS);
        }
        Balancer prepared = prepared(nodes);
        assertSame(nodes.get(1), pick(prepared, nodes));
        assertSame(nodes.get(2), prepared.pick(nodes, Nodes.excluding(nodes.get(1)), time.nanoTime()));
    }

    @Test
    void aboveTheFullScanTheBestOfSixteenIsPicked() {
        NodeSet nodes = Nodes.equal(time, LeastResponseTime.FULL_SCAN_MOST + 1);
        Set<Node> busy = new HashSet<>();
        for (int i = 0; i < LeastResponseTime.SAMPLES - 1; i++) {
            nodes.get(8 * i).acquire();
            busy.add(nodes.get(8 * i));
        }
        Balancer prepared = prepared(nodes);
        for (int i = 0; i < 5_000; i++) { // 15 busy nodes never fill 16 different samples
            assertTrue(!busy.contains(pick(prepared, nodes)));
        }
    }

    @Test
    void samplesOfOnePickAreDifferentNodes() {
        for (int n = LeastResponseTime.FULL_SCAN_MOST + 1; n < 600; n++) {
            for (int wanted = 1; wanted < n; wanted += 7) {
                int step = LeastResponseTime.coprime(wanted, n);
                Set<Integer> places = new HashSet<>();
                for (int i = 0; i < LeastResponseTime.SAMPLES; i++) {
                    places.add(i * step % n);
                }
                assertEquals(LeastResponseTime.SAMPLES, places.size(), "n = " + n + ", step = " + step);
                assertTrue(step < n);
            }
        }
    }

    @Test
    void cheapestNodeOfManyIsPickedAsOftenAsItIsDrawn() {
        NodeSet nodes = Nodes.equal(time, 200);
        for (Node node : nodes) {
            Nodes.serve(time, node, node == nodes.get(77) ? FAST : SLOW, Outcome.SUCCESS);
        }
        Balancer prepared = prepared(nodes);
        int picked = 0;
        for (int i = 0; i < 20_000; i++) {
            picked += pick(prepared, nodes) == nodes.get(77) ? 1 : 0;
        }
        assertEquals(20_000 * 16 / 200, picked, 6 * 38.4); // binomial with p = 0.08: sd 38.4
    }
}
