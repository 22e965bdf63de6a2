package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.PeakLatency;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import io.lb4j.vectors.Vectors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {
    private static final Duration DECAY = Duration.ofSeconds(10);
    private static final double RELATIVE = 1e-12;

    private final VirtualTime time = new VirtualTime();

    private Balancer prepared(NodeSet nodes) {
        RandomGenerator random = new SplittableRandom(13);
        return Balancers.peakEwma(DECAY, () -> random).prepare(nodes);
    }

    @Test
    void loadsAreThoseOfFinagle() {
        Map<String, Object> vectors = Vectors.json("peak_ewma.json");
        assertEquals(Vectors.number(vectors.get("tau_ns")), DECAY.toNanos());
        assertEquals(Vectors.decimal(vectors.get("penalty")), PeakEwma.PENALTY);
        Node node = Nodes.equal(time, 1).get(0);
        PeakLatency peak = node.peakLatency(DECAY);
        Deque<Lease> open = new ArrayDeque<>();
        long start = time.nanoTime();
        for (Object element : Vectors.list(vectors.get("trace"))) {
            Map<String, Object> step = Vectors.map(element);
            time.advance(Duration.ofNanos(start + Vectors.number(step.get("t_ns")) - time.nanoTime()));
            switch ((String) step.get("op")) {
                case "start" -> open.push(node.acquire());
                case "get" -> {
                    double load = Vectors.decimal(step.get("load"));
                    double cost = PeakEwma.cost(peak.look(time.nanoTime()), node.inFlight());
                    assertEquals(load, cost, load * RELATIVE, step::toString);
                }
                default -> {
                    try (Lease lease = open.pop()) {
                        lease.report(Outcome.SUCCESS, Vectors.number(step.get("rtt_ns")));
                    }
                    double cost = Vectors.decimal(step.get("cost"));
                    assertEquals(cost, peak.nanos(time.nanoTime()), cost * RELATIVE, step::toString);
                }
            }
        }
        assertEquals(1, open.size(), "all of the trace was read");
    }

    @Test
    void failureNeverLowersThePeak() {
        Node node = Nodes.equal(time, 1).get(0);
        PeakLatency peak = node.peakLatency(DECAY);
        Nodes.serve(time, node, Duration.ofMillis(100), Outcome.SUCCESS);
        Nodes.serve(time, node, Duration.ofMillis(1), Outcome.FAILURE);
        assertEquals(100e6, peak.nanos(time.nanoTime()), 0.1e6);
        Nodes.serve(time, node, Duration.ofMillis(500), Outcome.TIMED_OUT);
        assertEquals(500e6, peak.nanos(time.nanoTime()));
        Nodes.serve(time, node, Duration.ofMillis(900), Outcome.CANCELLED);
        assertEquals(900e6, peak.nanos(time.nanoTime()));
    }

    @Test
    void failureOfANewNodeCountsLikeAnAnswerOfTheOthers() {
        NodeSet nodes = Nodes.equal(time, 2);
        PeakLatency peak = nodes.get(1).peakLatency(DECAY);
        Nodes.serve(time, nodes.get(0), Duration.ofMillis(40), Outcome.SUCCESS);
        Nodes.serve(time, nodes.get(1), Duration.ofMillis(1), Outcome.FAILURE);
        assertEquals(40e6, peak.nanos(time.nanoTime()));
    }

    @Test
    void nodeWithoutAnAnswerGetsOneRequestAtATime() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = prepared(nodes);
        Nodes.serve(time, nodes.get(0), Duration.ofMillis(100), Outcome.SUCCESS);
        try (Lease first = nodes.get(Picks.next(prepared, nodes)).acquire()) {
            assertSame(nodes.get(1), first.node(), "it costs nothing yet");
            assertSame(nodes.get(0), nodes.get(Picks.next(prepared, nodes)));
        }
    }

    @Test
    void latenciesBelowAMillisecondAreToldApart() {
        int[] counts = new int[2];
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = prepared(nodes);
        for (int i = 0; i < 2_000; i++) {
            int picked = Picks.next(prepared, nodes);
            counts[picked]++;
            Nodes.serve(time, nodes.get(picked), Duration.ofNanos(picked == 0 ? 900_000 : 200_000), Outcome.SUCCESS);
        }
        assertTrue(counts[1] > 1_900, () -> Arrays.toString(counts));
    }

    @Test
    void weightDividesTheCost() {
        NodeSet nodes = Nodes.of(time, 10, 1);
        Balancer prepared = prepared(nodes);
        Nodes.serve(time, nodes.get(0), Duration.ofMillis(9), Outcome.SUCCESS);
        Nodes.serve(time, nodes.get(1), Duration.ofMillis(1), Outcome.SUCCESS);
        assertEquals(0, Picks.next(prepared, nodes));
    }

    @Test
    void measurementBeginsWithTheAverageThereIs() {
        NodeSet nodes = Nodes.equal(time, 2);
        Nodes.serve(time, nodes.get(0), Duration.ofMillis(1), Outcome.SUCCESS);
        Nodes.serve(time, nodes.get(1), Duration.ofMillis(20), Outcome.SUCCESS);
        assertEquals(0, Picks.next(prepared(nodes), nodes));
        assertTrue(nodes.get(1).peakLatency(DECAY).nanos(time.nanoTime()) > 5e6);
    }

    @Test
    void averageIsKeptWhileItIsAskedForWithTheSameDecay() {
        NodeSet nodes = Nodes.equal(time, 2);
        PeakLatency peak = nodes.get(0).peakLatency(DECAY);
        Balancer prepared = prepared(nodes);
        Balancer next = prepared.prepare(nodes.filter(node -> true));
        assertSame(peak, nodes.get(0).peakLatency(DECAY));
        next.pick(nodes, RequestContext.none(), time.nanoTime());
        assertNotSame(peak, nodes.get(0).peakLatency(DECAY.multipliedBy(2)));
    }

    @Test
    void decayOfNothingIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> Balancers.peakEwma(Duration.ofSeconds(-1)));
        assertEquals("decay: PT-1S (expected: > 0, at most 365 days)", e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Nodes.equal(time, 1).get(0).peakLatency(Duration.ZERO));
    }
}
