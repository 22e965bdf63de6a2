package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.testkit.VirtualTime;
import io.lb4j.vectors.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StaticStrideTest {
    /** A schedule and where it stands. */
    private static final class Turns {
        final NodeSet nodes;
        final double[] weights;
        final StaticStride schedule;
        final Cursor cursor;

        Turns(Map<String, Object> vector) {
            weights = filled(Vectors.decimals(vector.get("weights")));
            nodes = Nodes.equal(new VirtualTime(), weights.length);
            schedule = StaticStride.of(Candidates.weighted(nodes), weights);
            long start = Integer.toUnsignedLong((int) Vectors.number(vector.get("start_sequence")));
            cursor = new Cursor((int) (start % schedule.length()));
        }

        int[] next(int count) {
            int[] picks = new int[count];
            for (int i = 0; i < count; i++) {
                Node node = schedule.next(cursor);
                picks[i] = Nodes.indexOf(nodes, node);
            }
            return picks;
        }

        int[] counts(int count) {
            int[] counts = new int[weights.length];
            Arrays.stream(next(count)).forEach(i -> counts[i]++);
            return counts;
        }
    }

    private static double[] filled(double[] weights) {
        ReportedLoad.fill(weights);
        return weights;
    }

    static List<Object> published() {
        return Vectors.list(Vectors.json("static_stride.json").get("published"));
    }

    static List<Object> computed() {
        return Vectors.list(Vectors.json("static_stride.json").get("computed"));
    }

    @ParameterizedTest
    @MethodSource("published")
    void publishedTestsOfGrpcPass(Map<String, Object> vector) {
        Turns turns = new Turns(vector);
        if (vector.containsKey("picks")) {
            int[] picks = Vectors.ints(vector.get("picks"));
            assertArrayEquals(picks, turns.next(picks.length));
        } else if (vector.containsKey("counts")) {
            int picks = (int) Vectors.number(vector.get("n"));
            assertArrayEquals(Vectors.ints(vector.get("counts")), turns.counts(picks));
        } else {
            int picks = (int) Vectors.number(vector.get("n"));
            double error = Vectors.decimal(vector.get("max_abs_share_error_lt"));
            int[] counts = turns.counts(picks);
            double sum = Arrays.stream(turns.weights).sum();
            for (int i = 0; i < counts.length; i++) {
                assertEquals(turns.weights[i] / sum, counts[i] / (double) picks, error);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("computed")
    void sequenceIsTheOneOfGrpc(Map<String, Object> vector) {
        Turns turns = new Turns(vector);
        assertArrayEquals(Vectors.ints(vector.get("scaled")), StaticStride.scaled(turns.weights));
        assertArrayEquals(Vectors.ints(vector.get("first_40_picks")), turns.next(40));
    }

    @Test
    void sequenceGoesOnOverTheEndOfItsPeriod() {
        Turns turns = new Turns(Vectors.map(computed().get(4))); // 1 to 5
        int length = turns.schedule.length();
        Turns atTheEnd = new Turns(Vectors.map(computed().get(4)));
        while (atTheEnd.cursor.next(length) < length - 500) {
            // on to the end
        }
        int[] counts = atTheEnd.counts(1_500);
        for (int i = 0; i < 5; i++) {
            assertEquals(100 * (i + 1), counts[i], 3, Arrays.toString(counts));
        }
    }

    @Test
    void hugeSetsHaveAPeriodThatFitsAnInt() {
        Node[] nodes = new Node[100_000];
        double[] weights = new double[nodes.length];
        Arrays.fill(weights, 1);
        assertEquals(21_474 * nodes.length, StaticStride.of(nodes, weights).length());
    }
}
