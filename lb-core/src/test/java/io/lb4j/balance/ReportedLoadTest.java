package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.Balancer;
import io.lb4j.LoadReport;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.testkit.VirtualTime;
import io.lb4j.vectors.Vectors;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportedLoadTest {
    private static final Duration BLACKOUT = Duration.ofNanos(ReportedWeight.BLACKOUT_NANOS);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();

    private static Balancer prepared(NodeSet nodes) {
        return Balancers.reportedLoad(Nodes.scripted(0)).prepare(nodes);
    }

    private void report(Node node, double utilization, double requests) {
        node.loadReport(LoadReport.ofUtilization(utilization, requests, 0, time.nanoTime()));
    }

    /** Nodes that report the same again and again for some seconds, here as shares of one hundred requests. */
    private void report(int seconds, Balancer prepared, NodeSet nodes, double... weights) {
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < weights.length; i++) {
                report(nodes.get(i), 100 / weights[i], 100);
            }
            time.advance(SECOND);
            Picks.next(prepared, nodes);
        }
    }

    static List<String[]> weights() {
        return Vectors.csv("grpc_wrr_weights.csv");
    }

    @ParameterizedTest
    @MethodSource("weights")
    void weightIsTheOneOfGrpc(
            String cpu, String application, String requests, String errors, String penalty, String w) {
        LoadReport report = new LoadReport(
                Double.parseDouble(application),
                Double.parseDouble(cpu),
                Double.parseDouble(requests),
                Double.parseDouble(errors),
                -1,
                -1,
                0);
        double weight = Double.parseDouble(w);
        assertEquals(weight, ReportedWeight.of(report, Double.parseDouble(penalty)), weight * 1e-12);
    }

    @Test
    void sharesAreTheReportedWeightsOnceTheyHaveComeForTenSeconds() {
        NodeSet nodes = Nodes.equal(time, 3);
        Balancer prepared = prepared(nodes);
        report(9, prepared, nodes, 100, 200, 300);
        assertArrayEquals(new int[] {200, 200, 200}, Picks.counts(600, prepared, nodes), "blackout");
        report(1, prepared, nodes, 100, 200, 300);
        int[] counts = Picks.counts(6_000, prepared, nodes);
        assertEquals(1_000, counts[0], 12);
        assertEquals(3_000, counts[2], 12);
    }

    @Test
    void nodeWithoutReportsGetsTheMean() {
        NodeSet nodes = Nodes.equal(time, 3);
        Balancer prepared = prepared(nodes);
        report(11, prepared, nodes, 100, 300);
        int[] counts = Picks.counts(6_000, prepared, nodes);
        assertEquals(1_000, counts[0], 12);
        assertEquals(2_000, counts[2], 12);
    }

    @Test
    void oneNodeThatReportsIsNotEnough() {
        NodeSet nodes = Nodes.equal(time, 3);
        Balancer prepared = prepared(nodes);
        report(11, prepared, nodes, 500);
        assertArrayEquals(new int[] {20, 20, 20}, Picks.counts(60, prepared, nodes));
    }

    @Test
    void sharesFollowReportsOnceASecond() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = prepared(nodes);
        report(11, prepared, nodes, 100, 100);
        report(nodes.get(0), 0.25, 100);
        time.advance(Duration.ofMillis(999));
        assertEquals(1_000, Picks.counts(2_000, prepared, nodes)[0], 1);
        time.advance(Duration.ofMillis(1));
        assertEquals(1_600, Picks.counts(2_000, prepared, nodes)[0], 10, "400 to 100");
    }

    @Test
    void reportsExpireAfterThreeMinutesAndHaveToProveThemselvesAgain() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = prepared(nodes);
        report(11, prepared, nodes, 100, 300);
        time.advance(Duration.ofSeconds(178));
        assertEquals(3_000, Picks.counts(4_000, prepared, nodes)[1], 12);
        time.advance(SECOND);
        assertEquals(2_000, Picks.counts(4_000, prepared, nodes)[1], 1, "3 min old");
        report(9, prepared, nodes, 100, 300);
        assertEquals(2_000, Picks.counts(4_000, prepared, nodes)[1], 1, "blackout");
        report(1, prepared, nodes, 100, 300);
        assertEquals(3_000, Picks.counts(4_000, prepared, nodes)[1], 12);
    }

    @Test
    void emptyReportLeavesTheWeightAlone() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = prepared(nodes);
        report(11, prepared, nodes, 100, 300);
        report(nodes.get(1), 0, 0);
        time.advance(SECOND);
        assertEquals(3_000, Picks.counts(4_000, prepared, nodes)[1], 12);
    }

    @Test
    void weightsSurviveAnUpdateAndAReturningNodeBeginsAgain() {
        NodeSet three = Nodes.equal(time, 3);
        Balancer prepared = prepared(three);
        report(11, prepared, three, 100, 200, 300);
        NodeSet two = three.filter(node -> node != three.get(2));
        prepared = prepared.prepare(two);
        assertEquals(2_000, Picks.counts(3_000, prepared, two)[1], 12);
        time.advance(Duration.ofMillis(1));
        prepared = prepared.prepare(three);
        int[] counts = Picks.counts(4_500, prepared, three);
        assertEquals(1_500, counts[2], 12, "150, the mean: reports from before do not count");
        assertEquals(2_000, counts[1], 12);
    }

    @Test
    void firstPreparationTakesReportsFromBefore() {
        NodeSet nodes = Nodes.equal(time, 2);
        report(nodes.get(0), 0.5, 100);
        report(nodes.get(1), 0.25, 100);
        time.advance(BLACKOUT);
        assertEquals(2_000, Picks.counts(3_000, prepared(nodes), nodes)[1], 12);
    }

    @Test
    void configuredWeightCountsToo() {
        NodeSet equal = Nodes.equal(time, 2);
        NodeSet nodes = equal.weighted(node -> node == equal.get(0) ? 4 : 1);
        Balancer prepared = prepared(nodes);
        report(11, prepared, nodes, 100, 200);
        assertEquals(2_000, Picks.counts(3_000, prepared, nodes)[0], 12);
    }
}
