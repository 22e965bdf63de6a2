package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeastCostTest {
    private static final Cost IN_FLIGHT = (set, i, now) -> set.get(i).inFlight();

    private final VirtualTime time = new VirtualTime();

    private static Node pick(Balancer balancer, NodeSet nodes) {
        return balancer.prepare(nodes).pick(nodes, RequestContext.none(), 0);
    }

    @Test
    void requestsInFlightAreInProportionToWeights() {
        SplittableRandom random = new SplittableRandom(3);
        Balancer leastRequests = Balancers.leastRequests(() -> random);
        NodeSet nodes = Nodes.of(time, 1, 2, 3, 0, 6);
        for (int i = 0; i < 120; i++) {
            pick(leastRequests, nodes).acquire();
        }
        List<Integer> inFlight = new ArrayList<>();
        nodes.forEach(node -> inFlight.add(node.inFlight()));
        assertEquals(List.of(10, 20, 30, 0, 60), inFlight);
    }

    @Test
    void chanceDecidesOnlyBetweenEqualNodes() {
        NodeSet nodes = Nodes.equal(time, 3);
        nodes.get(0).acquire();
        nodes.get(2).acquire();
        assertSame(nodes.get(1), pick(Balancers.leastCost(IN_FLIGHT, Nodes.none()), nodes));
    }

    @Test
    void eachOfTheEqualNodesHasTheSamePartOfTheNumbers() {
        NodeSet nodes = Nodes.equal(time, 5);
        nodes.get(0).acquire();
        nodes.get(3).acquire();
        Balancer balancer =
                Balancers.leastCost(IN_FLIGHT, Nodes.scripted(0, 0x5555_5555L << 32, 0x5555_5556L << 32, -1));
        assertSame(nodes.get(1), pick(balancer, nodes));
        assertSame(nodes.get(1), pick(balancer, nodes));
        assertSame(nodes.get(2), pick(balancer, nodes));
        assertSame(nodes.get(4), pick(balancer, nodes));
    }

    @Test
    void busyNodeIsLeftAloneHoweverManyRequestsWaitElsewhere() {
        NodeSet nodes = Nodes.equal(time, 2);
        nodes.get(0).acquire();
        Balancer balancer = Balancers.leastCost(IN_FLIGHT, Nodes.none());
        for (int i = 0; i < 100; i++) {
            try (io.lb4j.Lease lease = pick(balancer, nodes).acquire()) {
                assertSame(nodes.get(1), lease.node());
            }
        }
    }

    @Test
    void costThatIsNotANumberIsNeverPreferred() {
        NodeSet nodes = Nodes.equal(time, 4);
        double[] costs = {Double.NaN, 1e300, Double.NaN, Double.NaN};
        assertSame(nodes.get(1), pick(Balancers.leastCost((set, i, now) -> costs[i], Nodes.none()), nodes));
    }

    @Test
    void nodeIsPickedEvenIfEveryCostHasRisenSinceItWasCompared() {
        NodeSet nodes = Nodes.equal(time, 3);
        Cost rising = new Cost() {
            private int asked;

            @Override
            public double of(NodeSet set, int i, long nowNanos) {
                return asked++ < 3 ? 1 : 2;
            }
        };
        assertSame(nodes.get(0), pick(Balancers.leastCost(rising, Nodes.scripted(-1)), nodes));
    }

    @Test
    void setOfWeightZeroHasNothingToPick() {
        assertNull(pick(Balancers.leastRequests(), Nodes.of(time, 0, 0)));
        assertNull(pick(Balancers.powerOfTwoChoices(), Nodes.of(time, 0, 0)));
        assertNull(pick(Balancers.leastResponseTime(), Nodes.of(time, 0, 0)));
        assertNull(pick(Balancers.roundRobin(), Nodes.of(time, 0, 0)));
        assertNull(pick(Balancers.random(), Nodes.of(time, 0, 0)));
    }
}
