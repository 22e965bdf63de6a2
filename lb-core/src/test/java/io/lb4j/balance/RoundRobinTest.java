package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private final NodeSet five = Nodes.equal(new VirtualTime(), 5);

    private static Balancer startingAt(int place) {
        return Balancers.roundRobin(Nodes.scripted((long) place << 32));
    }

    private static List<Integer> picks(Balancer prepared, NodeSet nodes, int count, RequestContext request) {
        List<Integer> picks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Node picked = prepared.pick(nodes, request, 0);
            picks.add(Nodes.indexOf(nodes, picked));
        }
        return picks;
    }

    private static List<Integer> picks(Balancer prepared, NodeSet nodes, int count) {
        return picks(prepared, nodes, count, RequestContext.none());
    }

    @Test
    void oneThreadGetsAnExactCycle() {
        assertEquals(
                List.of(2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2), picks(startingAt(2).prepare(five), five, 11));
    }

    @Test
    void cycleStartsAtARandomPlace() {
        assertEquals(List.of(4), picks(startingAt(4).prepare(five), five, 1));
        assertEquals(List.of(1), picks(startingAt(1_000_001).prepare(five), five, 1));
        assertEquals(List.of(4), picks(startingAt(-1).prepare(five), five, 1));
    }

    @Test
    void cursorSurvivesAnUpdate() {
        Balancer before = startingAt(0).prepare(five);
        assertEquals(List.of(0, 1, 2), picks(before, five, 3));
        NodeSet six = Nodes.equal(new VirtualTime(), 6);
        assertEquals(List.of(3, 4, 5, 0), picks(before.prepare(six), six, 4));
    }

    @Test
    void picksOnTheOldSetAndOnTheNewOneMoveTheSameCursor() {
        Balancer before = startingAt(0).prepare(five);
        NodeSet update = five.filter(node -> true);
        Balancer after = before.prepare(update);
        assertEquals(List.of(0), picks(before, five, 1));
        assertEquals(List.of(1), picks(after, update, 1));
        assertEquals(List.of(2), picks(before, five, 1));
    }

    @Test
    void sameSetIsNotPreparedAgain() {
        Balancer prepared = startingAt(0).prepare(five);
        assertSame(prepared, prepared.prepare(five));
    }

    @Test
    void cycleGoesOnBehindAnExcludedNode() {
        Balancer prepared = startingAt(0).prepare(five);
        RequestContext request = Nodes.excluding(five.get(1), five.get(2));
        assertEquals(List.of(0, 3, 4, 0, 3), picks(prepared, five, 5, request));
        assertEquals(List.of(4), picks(prepared, five, 1));
    }

    @Test
    void countNearItsEndIsAPlaceLikeAnyOther() {
        Balancer prepared = startingAt(Integer.MAX_VALUE - 5).prepare(five); // 2^31 - 6 = 2 modulo 5
        assertEquals(List.of(2, 3, 4, 0, 1, 2, 3, 4, 0, 1), picks(prepared, five, 10));
    }

    @Test
    void pickWithoutPreparationSaysWhatToDo() {
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class, () -> Balancers.roundRobin().pick(five, RequestContext.none(), 0));
        assertEquals(
                "roundRobin: not prepared (expected: Balancer ready = roundRobin.prepare(nodes), then ready.pick(nodes, ...))",
                thrown.getMessage());
    }

    @Test
    void missingSourceOfRandomnessIsRefused() {
        NullPointerException thrown = assertThrows(NullPointerException.class, () -> Balancers.roundRobin(null));
        assertEquals("random: null (expected: for instance ThreadLocalRandom::current)", thrown.getMessage());
    }
}
