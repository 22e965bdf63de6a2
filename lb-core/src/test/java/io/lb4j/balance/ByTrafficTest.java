package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ByTrafficTest {
    private static final Duration HALF_LIFE = Duration.ofSeconds(60);

    private final VirtualTime time = new VirtualTime();

    /** Takes the first of equal nodes, as Apache does. */
    private static Balancer forgettingNothing(NodeSet nodes) {
        return ByTraffic.of(0, Nodes.scripted(0)).prepare(nodes);
    }

    private static void transfer(Node node, long sent, long received) {
        try (Lease lease = node.acquire()) {
            lease.transferred(sent, received);
            lease.report(Outcome.SUCCESS);
        }
    }

    /** Picks, each followed by a transfer of 180 bytes. */
    private static String use(int requests, Balancer prepared, NodeSet nodes) {
        int[] picks = new int[requests];
        for (int i = 0; i < requests; i++) {
            picks[i] = Picks.next(prepared, nodes);
            transfer(nodes.get(picks[i]), 80, 100);
        }
        return Picks.letters(picks);
    }

    /**
     * Apache begins with A B B C, not with A B C B: it divides whole numbers, so that B's first 180 bytes by weight are
     * still nothing to it.
     */
    @Test
    void sequenceIsTheOneOfApacheFromTheSecondRoundOn() {
        NodeSet nodes = Nodes.of(time, 1, 2, 1);
        Balancer prepared = forgettingNothing(nodes);
        assertEquals("A B C B A B C B A B C B", use(12, prepared, nodes));
        transfer(nodes.get(0), 0, 100_000);
        assertEquals("B C B B C B B C B B C B", use(12, prepared, nodes));
    }

    @Test
    void bytesBothWaysCountAlike() {
        NodeSet nodes = Nodes.equal(time, 3);
        Balancer prepared = forgettingNothing(nodes);
        transfer(nodes.get(0), 1_000, 0);
        transfer(nodes.get(1), 0, 999);
        transfer(nodes.get(2), 500, 501);
        assertEquals(1, Picks.next(prepared, nodes));
    }

    @Test
    void bytesAreSharedByWeight() {
        NodeSet nodes = Nodes.of(time, 1, 2, 0.5);
        Balancer prepared = forgettingNothing(nodes);
        SplittableRandom sizes = new SplittableRandom(10);
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            long size = 1 + (long) Math.exp(12 * sizes.nextDouble());
            transfer(nodes.get(Picks.next(prepared, nodes)), 0, size);
            sum += size;
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(sum * nodes.weight(i) / 3.5, (double) nodes.get(i).bytes(), 3 * Math.exp(12));
        }
    }

    @Test
    void whatWasTransferredBeforeDoesNotCount() {
        NodeSet nodes = Nodes.equal(time, 2);
        transfer(nodes.get(0), 1L << 40, 1L << 40);
        assertEquals("A B A B", use(4, forgettingNothing(nodes), nodes));
    }

    @Test
    void newcomerBeginsWithTheLeastAccount() {
        NodeSet three = Nodes.equal(time, 3);
        NodeSet two = three.filter(node -> node != three.get(0));
        Balancer prepared = forgettingNothing(two);
        use(1_001, prepared, two); // one request more for B
        assertEquals("A C A B C", use(5, prepared.prepare(three), three));
    }

    @Test
    void nodeThatComesBackIsNotFlooded() {
        NodeSet three = Nodes.equal(time, 3);
        Balancer prepared = forgettingNothing(three);
        use(30, prepared, three);
        NodeSet two = three.filter(node -> node != three.get(0));
        Balancer meanwhile = prepared.prepare(two);
        use(1_000, meanwhile, two);
        assertEquals("A B C A B C", use(6, meanwhile.prepare(three), three));
    }

    @Test
    void accountsSurviveAnUpdate() {
        NodeSet nodes = Nodes.equal(time, 3);
        Balancer prepared = forgettingNothing(nodes);
        transfer(nodes.get(1), 0, 1_000);
        transfer(nodes.get(2), 0, 400);
        NodeSet update = nodes.weighted(node -> 2);
        prepared = prepared.prepare(update);
        transfer(nodes.get(0), 0, 900); // by weight 450
        assertEquals(2, Picks.next(prepared, update));
    }

    @Test
    void countersPastTwoToTheThirtyOneAndSixtyThreeGoOn() {
        NodeSet nodes = Nodes.equal(time, 2);
        for (Node node : nodes) {
            transfer(node, Long.MAX_VALUE - 100, 0);
        }
        Balancer prepared = forgettingNothing(nodes);
        assertEquals("A B A B", use(4, prepared, nodes));
        assertTrue(nodes.get(0).bytes() < 0, "past 2^63");
        transfer(nodes.get(0), 3L << 31, 0);
        assertEquals("B B", use(2, prepared, nodes));
    }

    @Test
    void equalNodesHaveEqualChances() {
        NodeSet nodes = Nodes.equal(time, 4);
        RandomGenerator random = new SplittableRandom(11);
        Balancer prepared = ByTraffic.of(0, () -> random).prepare(nodes);
        int[] counts = Picks.counts(8_000, prepared, nodes); // no bytes are ever reported
        for (int count : counts) {
            assertEquals(2_000, count, 6 * 38.7, Arrays.toString(counts)); // binomial, p = 1/4
        }
    }

    @Test
    void accountsHalveInAHalfLife() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = Balancers.byTraffic(HALF_LIFE, Nodes.scripted(0)).prepare(nodes);
        transfer(nodes.get(0), 0, 1_000_000);
        time.advance(HALF_LIFE);
        assertEquals(1, Picks.next(prepared, nodes));
        transfer(nodes.get(1), 0, 499_000);
        assertEquals(1, Picks.next(prepared, nodes));
        transfer(nodes.get(1), 0, 2_000);
        assertEquals(0, Picks.next(prepared, nodes));
    }

    @Test
    void forgettingDoesNotDependOnHowOftenItIsLookedAt() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = Balancers.byTraffic(HALF_LIFE, Nodes.scripted(0)).prepare(nodes);
        transfer(nodes.get(0), 0, 1_000_000);
        for (int i = 0; i < 600; i++) {
            time.advance(HALF_LIFE.dividedBy(300));
            assertEquals(1, Picks.next(prepared, nodes));
        }
        transfer(nodes.get(1), 0, 249_000);
        assertEquals(1, Picks.next(prepared, nodes));
        transfer(nodes.get(1), 0, 10_000);
        assertEquals(0, Picks.next(prepared, nodes));
    }

    @Test
    void halfLifeOfNothingIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> Balancers.byTraffic(Duration.ZERO));
        assertEquals("halfLife: PT0S (expected: > 0, at most 365 days)", e.getMessage());
    }
}
