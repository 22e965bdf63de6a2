package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lb4j.Balancer;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class WeightedRandomTest {
    private final VirtualTime time = new VirtualTime();
    private final RandomGenerator random = new SplittableRandom(9);

    private Balancer prepared(NodeSet nodes) {
        return Balancers.weightedRandom(() -> random).prepare(nodes);
    }

    @Test
    void heavyNodeAmongManyGetsItsShare() {
        double[] weights = DoubleStream.generate(() -> 1).limit(1_000).toArray();
        weights[999] = 1_000;
        NodeSet nodes = Nodes.of(time, weights);
        int[] counts = Picks.counts(100_000, prepared(nodes), nodes);
        assertEquals(100_000 * 1_000 / 1_999.0, counts[999], 6 * 158); // binomial, p = 0.5
    }

    @Test
    void restIsSharedByWeightIfANodeIsExcluded() {
        NodeSet nodes = Nodes.of(time, 1, 100, 3);
        int[] counts = Picks.counts(4_000, prepared(nodes), nodes, Nodes.excluding(nodes.get(1)));
        assertEquals(1_000, counts[0], 6 * 27.4, Arrays.toString(counts)); // binomial, p = 1/4
        assertEquals(0, counts[1]);
    }

    @Test
    void sameNodesAndWeightsNeedNoNewTable() {
        NodeSet nodes = Nodes.of(time, 1, 2);
        Balancer prepared = prepared(nodes);
        assertSame(prepared, prepared.prepare(nodes.filter(node -> true)));
        assertNotSame(prepared, prepared.prepare(nodes.weighted(node -> 1)));
    }

    @Test
    void setWithoutWeightHasNobodyToPick() {
        NodeSet nodes = Nodes.of(time, 0, 0);
        assertNull(prepared(nodes).pick(nodes, RequestContext.none(), 0));
    }
}
