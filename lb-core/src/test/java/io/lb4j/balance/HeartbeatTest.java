package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.Balancer;
import io.lb4j.LoadReport;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final VirtualTime time = new VirtualTime();
    private final RandomGenerator random = new SplittableRandom(12);

    private Balancer prepared(NodeSet nodes) {
        return Balancers.heartbeat(() -> random).prepare(nodes);
    }

    private void beat(Node node, int ready, int busy) {
        node.loadReport(LoadReport.ofSlots(ready, busy, time.nanoTime()));
    }

    private NodeSet beating(int... ready) {
        NodeSet nodes = Nodes.equal(time, ready.length);
        for (int i = 0; i < ready.length; i++) {
            beat(nodes.get(i), ready[i], 1);
        }
        return nodes;
    }

    private int[] counts(int... ready) {
        NodeSet nodes = beating(ready);
        return Picks.counts(3_000, prepared(nodes), nodes);
    }

    /** Apache would give 1000 to 2000. */
    @Test
    void sharesAreFairWhereApachePrefersTheLast() {
        assertEquals(1_500, counts(1, 1)[0], 110);
        assertEquals(1_500, counts(2, 2)[0], 110);
    }

    @Test
    void sharesAreTheFreeSlots() {
        assertEquals(750, counts(10, 30)[0], 95);
        assertEquals(0, counts(10, 0, 30)[1]);
    }

    /** Apache would count it as 10. */
    @Test
    void idleNodeIsNotCutToAQuarter() {
        NodeSet nodes = Nodes.equal(time, 2);
        beat(nodes.get(0), 40, 0);
        beat(nodes.get(1), 30, 5);
        int[] counts = Picks.counts(7_000, prepared(nodes), nodes);
        assertEquals(4_000, counts[0], 6 * 41.4, Arrays.toString(counts)); // binomial, p = 4/7
    }

    @Test
    void configuredWeightCountsToo() {
        NodeSet equal = beating(10, 10);
        NodeSet nodes = equal.weighted(node -> node == equal.get(0) ? 3 : 1);
        assertEquals(2_250, Picks.counts(3_000, prepared(nodes), nodes)[0], 6 * 23.7); // binomial, p = 3/4
    }

    @Test
    void reportCountsForTenSeconds() {
        NodeSet nodes = beating(5, 5);
        Balancer prepared = prepared(nodes);
        time.advance(Duration.ofSeconds(9));
        beat(nodes.get(1), 5, 1);
        assertEquals(1_500, Picks.counts(3_000, prepared, nodes)[0], 6 * 27.4, "9 s old");
        time.advance(Duration.ofSeconds(1));
        assertArrayEquals(new int[] {0, 300}, Picks.counts(300, prepared, nodes), "10 s old");
        beat(nodes.get(0), 5, 1);
        time.advance(Duration.ofNanos(Heartbeat.REFRESH_NANOS));
        assertEquals(1_500, Picks.counts(3_000, prepared, nodes)[0], 6 * 27.4, "heard again");
    }

    @Test
    void newReportTakesEffectWithinATenthOfASecond() {
        NodeSet nodes = beating(5, 5);
        Balancer prepared = prepared(nodes);
        beat(nodes.get(0), 0, 6);
        time.advance(Duration.ofMillis(100));
        assertArrayEquals(new int[] {0, 300}, Picks.counts(300, prepared, nodes));
    }

    @Test
    void withoutAnyReportAllTakeTurns() {
        NodeSet nodes = Nodes.equal(time, 3);
        assertArrayEquals(new int[] {100, 100, 100}, Picks.counts(300, prepared(nodes), nodes));
    }

    /** Apache would answer 503. */
    @Test
    void ifNobodyIsFreeThoseHeardWithinThirtySecondsTakeTurns() {
        NodeSet nodes = Nodes.equal(time, 4);
        beat(nodes.get(0), 7, 0);
        time.advance(Duration.ofMillis(1));
        beat(nodes.get(1), 7, 0);
        time.advance(Duration.ofSeconds(20));
        beat(nodes.get(2), 0, 7);
        Balancer prepared = prepared(nodes);
        assertArrayEquals(new int[] {100, 100, 100, 0}, Picks.counts(300, prepared, nodes));
        time.advance(Duration.ofNanos(9_999_000_000L));
        assertArrayEquals(new int[] {0, 150, 150, 0}, Picks.counts(300, prepared, nodes), "30 s are over for one");
        time.advance(Duration.ofSeconds(30));
        assertArrayEquals(new int[] {75, 75, 75, 75}, Picks.counts(300, prepared, nodes), "gone, all of them");
    }

    @Test
    void ifTheFreeNodesAreExcludedTheOthersServe() {
        NodeSet nodes = beating(5, 0, 0);
        assertArrayEquals(
                new int[] {0, 50, 50}, Picks.counts(100, prepared(nodes), nodes, Nodes.excluding(nodes.get(0))));
        NodeSet unheard = Nodes.equal(time, 2);
        beat(unheard.get(0), 5, 5);
        assertEquals(100, Picks.counts(100, prepared(unheard), unheard, Nodes.excluding(unheard.get(0)))[1]);
    }

    @Test
    void reportWithoutSlotsIsNoHeartbeat() {
        NodeSet nodes = beating(5, 5);
        nodes.get(0).loadReport(LoadReport.ofUtilization(0.5, 100, 0, time.nanoTime()));
        assertArrayEquals(new int[] {0, 100}, Picks.counts(100, prepared(nodes), nodes));
    }
}
