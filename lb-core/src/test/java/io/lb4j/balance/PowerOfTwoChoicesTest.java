package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PowerOfTwoChoicesTest {
    private final VirtualTime time = new VirtualTime();
    private final RandomGenerator random = new SplittableRandom(11);

    private static Supplier<RandomGenerator> seeded(long seed) {
        RandomGenerator generator = new SplittableRandom(seed);
        return () -> generator;
    }

    private static Node pick(Balancer prepared, NodeSet nodes) {
        return prepared.pick(nodes, RequestContext.none(), 0);
    }

    @Test
    void everyPairOfDifferentNodesIsComparedEquallyOften() {
        NodeSet nodes = Nodes.equal(time, 4);
        List<Integer> compared = new ArrayList<>();
        Balancer prepared = Balancers.powerOfTwoChoices(
                        (set, i, now) -> {
                            compared.add(i);
                            return 0;
                        },
                        () -> random)
                .prepare(nodes);
        Map<List<Integer>, Integer> pairs = new HashMap<>();
        for (int i = 0; i < 12_000; i++) {
            compared.clear();
            pick(prepared, nodes);
            assertEquals(2, compared.size());
            assertNotEquals(compared.get(0), compared.get(1), "a node was compared with itself");
            pairs.merge(List.copyOf(compared), 1, Integer::sum);
        }
        assertEquals(12, pairs.size());
        // Binomial with m = 12 000, p = 1/12: sd 30.3; 6 sd are a false alarm of 1e-8 for 12 pairs.
        pairs.forEach((pair, count) -> assertEquals(1_000, count, 182, pair::toString));
    }

    /** Equal weights take a short cut past the cost. */
    @Test
    void equalNodesArePickedAsTheirCostWouldSay() {
        NodeSet nodes = Nodes.equal(time, 6);
        Balancer shortCut =
                Balancers.powerOfTwoChoices(LeastCost.BY_REQUESTS, seeded(7)).prepare(nodes);
        Balancer byCost = Balancers.powerOfTwoChoices(
                        (set, i, now) -> set.get(i).inFlight() + 1.0, seeded(7))
                .prepare(nodes);
        for (int i = 0; i < 2_000; i++) {
            Node picked = pick(shortCut, nodes);
            assertSame(pick(byCost, nodes), picked);
            Lease lease = picked.acquire();
            if (random.nextInt(10) > 0) {
                lease.close();
            }
        }
    }

    @Test
    void oneNumberDecidesAPick() {
        NodeSet nodes = Nodes.equal(time, 4);
        nodes.get(0).acquire();
        Balancer prepared = Balancers.powerOfTwoChoices(
                        (set, i, now) -> set.get(i).inFlight(),
                        Nodes.scripted(0L, 0x0000_0000_FFFF_FFFFL, 0xC000_0000_0000_0000L))
                .prepare(nodes);
        assertSame(nodes.get(1), pick(prepared, nodes)); // nodes 0 and 1
        assertSame(nodes.get(3), pick(prepared, nodes)); // nodes 0 and 3
        assertSame(nodes.get(3), pick(prepared, nodes)); // nodes 3 and 0
    }

    @Test
    void cheaperOneOfTwoIsAlwaysPicked() {
        NodeSet nodes = Nodes.equal(time, 2);
        nodes.get(1).acquire();
        Balancer prepared = Balancers.powerOfTwoChoices().prepare(nodes);
        for (int i = 0; i < 100; i++) {
            assertSame(nodes.get(0), pick(prepared, nodes));
        }
    }

    @Test
    void heavierOneOfTwoIdleNodesIsPicked() {
        NodeSet nodes = Nodes.of(time, 1, 2, 0);
        Balancer prepared = Balancers.powerOfTwoChoices().prepare(nodes);
        for (int i = 0; i < 100; i++) {
            assertSame(nodes.get(1), pick(prepared, nodes));
        }
    }

    @Test
    void costThatIsNotANumberIsNeverPreferred() {
        NodeSet nodes = Nodes.equal(time, 2);
        Balancer prepared = Balancers.powerOfTwoChoices((set, i, now) -> i == 0 ? Double.NaN : 1e300)
                .prepare(nodes);
        for (int i = 0; i < 100; i++) {
            assertSame(nodes.get(1), pick(prepared, nodes));
        }
    }

    @Test
    void otherWeightsDoNotChangeTheSharesOfEqualNodes() {
        NodeSet nodes = Nodes.of(time, 1, 1, 1, 1, 2);
        Balancer prepared =
                Balancers.powerOfTwoChoices((set, i, now) -> 0, () -> random).prepare(nodes);
        Map<Node, Integer> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            counts.merge(pick(prepared, nodes), 1, Integer::sum);
        }
        // Binomial with m = 20 000, p = 1/5: sd 56.6; 6 sd.
        counts.forEach((node, count) -> assertTrue(Math.abs(count - 4_000) <= 340, node + " " + count));
    }

    @Test
    void excludedNodesAreNotCompared() {
        NodeSet nodes = Nodes.equal(time, 5);
        Balancer prepared = Balancers.powerOfTwoChoices(
                        (set, i, now) -> {
                            assertTrue(i == 1 || i == 4, "node " + i + " was compared");
                            return i;
                        },
                        () -> random)
                .prepare(nodes);
        RequestContext request = Nodes.excluding(nodes.get(0), nodes.get(2), nodes.get(3));
        for (int i = 0; i < 50; i++) {
            assertSame(nodes.get(1), prepared.pick(nodes, request, 0));
        }
    }
}
