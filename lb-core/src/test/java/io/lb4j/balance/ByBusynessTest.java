package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.NodeSet;
import io.lb4j.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ByBusynessTest {
    private final VirtualTime time = new VirtualTime();
    private final NodeSet three = Nodes.equal(time, 3);

    private static Balancer skipping(int picks) {
        return Balancers.byBusyness(Nodes.scripted((long) picks << 33));
    }

    private static Balancer fromTheStart(NodeSet nodes) {
        return skipping(0).prepare(nodes);
    }

    @Test
    void idleNodesTakeTurns() {
        assertEquals("A B C A B C", Picks.letters(6, fromTheStart(three), three));
    }

    @Test
    void busyNodeIsPassedOver() {
        Balancer prepared = fromTheStart(three);
        try (Lease held = three.get(0).acquire()) {
            assertEquals("B C B C B C B C", Picks.letters(8, prepared, three));
            assertSame(three.get(0), held.node());
        }
    }

    @Test
    void nodeThatWasBusyForLongCatchesUpOnOneRequestOnly() {
        Balancer prepared = fromTheStart(three);
        assertEquals("A B C", Picks.letters(3, prepared, three));
        try (Lease held = three.get(0).acquire()) {
            assertEquals(0, Picks.counts(1_000, prepared, three)[0]);
            assertSame(three.get(0), held.node());
        }
        int[] counts = Picks.counts(6, prepared, three);
        assertTrue(counts[0] <= 3, () -> Arrays.toString(counts)); // Apache: 1002 requests in a row
        assertArrayEquals(new int[] {10, 10, 10}, Picks.counts(30, prepared, three));
    }

    @Test
    void weightsCountAmongEqualsOnly() {
        NodeSet nodes = Nodes.of(time, 5, 1, 1);
        Balancer prepared = fromTheStart(nodes);
        assertEquals("A A B A C A A", Picks.letters(7, prepared, nodes));
        try (Lease held = nodes.get(0).acquire()) {
            assertEquals("B C B C", Picks.letters(4, prepared, nodes));
            assertSame(nodes.get(0), held.node());
        }
    }

    @Test
    void weightsOfAnyRatioCount() {
        NodeSet nodes = Nodes.of(time, Math.PI, 1, 1);
        int[] counts = Picks.counts(10_000, fromTheStart(nodes), nodes);
        assertEquals(10_000 * Math.PI / (Math.PI + 2), counts[0], 2);
    }

    @Test
    void orderStartsAtARandomPlace() {
        assertEquals("B C A", Picks.letters(3, skipping(1).prepare(three), three));
    }

    @Test
    void creditsSurviveAnUpdate() {
        Balancer prepared = fromTheStart(three);
        assertEquals("A B", Picks.letters(2, prepared, three));
        NodeSet two = three.filter(node -> node != three.get(0));
        assertEquals(1, Picks.next(prepared.prepare(two), two), "C is next, B has just had its turn");
        assertSame(prepared, prepared.prepare(three.filter(node -> true)));
    }

    @Test
    @Tag("storm")
    void creditsLostBetweenThreadsDoNotSkewTheShares() throws Exception {
        NodeSet nodes = Nodes.of(time, 3, 2, 1);
        Balancer prepared = fromTheStart(nodes);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        int[] counts = new int[3];
        try {
            List<Future<int[]>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> Picks.counts(100_000, prepared, nodes)));
            }
            for (Future<int[]> result : results) {
                int[] some = result.get();
                Arrays.setAll(counts, i -> counts[i] + some[i]);
            }
        } finally {
            threads.shutdownNow();
        }
        assertTrue(counts[0] > counts[1] && counts[1] > counts[2] && counts[2] > 20_000, () -> Arrays.toString(counts));
    }
}
