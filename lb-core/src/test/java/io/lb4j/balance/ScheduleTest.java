package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.testkit.VirtualTime;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static Node[] nodes(int count) {
        NodeSet set = Nodes.equal(new VirtualTime(), count);
        return IntStream.range(0, count).mapToObj(set::get).toArray(Node[]::new);
    }

    @Test
    void wholeWeightsAreTheSmallest() {
        assertArrayEquals(new int[] {7, 3}, WholeWeights.of(new double[] {70, 30}, 4096));
        assertArrayEquals(new int[] {3, 2}, WholeWeights.of(new double[] {1.5, 1}, 4096));
        assertArrayEquals(new int[] {1, 2, 7}, WholeWeights.of(new double[] {0.1, 0.2, 0.7}, 4096));
        assertArrayEquals(new int[] {1, 2}, WholeWeights.of(new double[] {1 / 3.0, 2 / 3.0}, 4096));
        assertArrayEquals(new int[] {1, 4095}, WholeWeights.of(new double[] {1, 4095}, 4096));
    }

    @Test
    void weightsWithALongPeriodHaveNoWholeOnes() {
        assertNull(WholeWeights.of(new double[] {1, 4096}, 4096));
        assertNull(WholeWeights.of(new double[] {1, Math.PI}, 4096));
        assertNull(WholeWeights.of(new double[] {1, 1e300}, 4096));
        assertNull(WholeWeights.of(new double[] {1, 1.000_01}, 4096));
    }

    @Test
    void periodOf4096IsWrittenDownAndALongerOneIsComputed() {
        Schedule longest = Schedule.of(nodes(2), new double[] {1, 4095}, 0);
        assertEquals(4096, assertInstanceOf(SmoothSchedule.class, longest).length());
        assertInstanceOf(GoldenSchedule.class, Schedule.of(nodes(2), new double[] {1, 4096}, 0));
    }

    /** A node with a quarter of the turns never waits for more than 5. */
    @Test
    void computedTurnsAreSpreadEvenly() {
        Node[] nodes = nodes(3);
        Schedule schedule = GoldenSchedule.of(nodes, new double[] {1, 2, 1}, 0);
        Cursor cursor = new Cursor(0);
        int last = 0;
        for (int i = 0; i < 100_000; i++) {
            if (schedule.next(cursor) == nodes[0]) {
                assertTrue(i - last <= 5, "a gap of " + (i - last));
                last = i;
            }
        }
    }

    @Test
    void computedTurnsGoOnOverTheEndOfTheirPeriod() {
        Node[] nodes = nodes(4);
        double[] weights = {1, 2, 3, 4};
        Schedule schedule = GoldenSchedule.of(nodes, weights, 0);
        Cursor cursor = new Cursor(GoldenSchedule.LENGTH - 500);
        int[] counts = new int[4];
        for (int i = 0; i < 1_000; i++) {
            Node node = schedule.next(cursor);
            counts[IntStream.range(0, 4).filter(n -> nodes[n] == node).sum()]++;
        }
        for (int i = 0; i < 4; i++) {
            assertEquals(100 * weights[i], counts[i], 4);
        }
    }

    @Test
    void fourRoundsReachEveryNodeOfAThousand() {
        SplittableRandom random = new SplittableRandom(5);
        Node[] nodes = nodes(1 << 10);
        Schedule schedule =
                GoldenSchedule.of(nodes, random.doubles(nodes.length, 0.5, 1.5).toArray(), 77);
        Cursor cursor = new Cursor(0);
        boolean[] seen = new boolean[nodes.length];
        int distinct = 0;
        for (int i = 0; i < 4 * nodes.length; i++) {
            Node node = schedule.next(cursor);
            int at = Integer.parseInt(node.endpoint().host().substring("node-".length()));
            distinct += seen[at] ? 0 : 1;
            seen[at] = true;
        }
        assertEquals(nodes.length, distinct, "four rounds reach every node");
    }
}
