package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    @Test
    void partsAreInProportionToTheWeights() {
        double[] weights = {1, 2, 3, 0.5, 10};
        NodeSet nodes = Nodes.weighted(weights);
        Map<String, Integer> counts = new HashMap<>();
        for (String owner : Nodes.owners(ConsistentHash.rendezvous(), nodes, 100_000)) {
            counts.merge(owner, 1, Integer::sum);
        }
        for (int i = 0; i < weights.length; i++) {
            double expected = 100_000 * weights[i] / 16.5;
            assertEquals(expected, counts.get(nodes.get(i).endpoint().id()), 5 * Math.sqrt(expected));
        }
    }

    @Test
    void choicesAreTheOwnersThatFollowEachOther() {
        for (NodeSet nodes : List.of(Nodes.equal(8), Nodes.weighted(1, 5, 2, 0, 1, 3))) {
            Balancer prepared = ConsistentHash.rendezvous().prepare(nodes);
            for (int k = 0; k < 300; k++) {
                String key = "key-" + k;
                List<Node> choices = ConsistentHash.choices(nodes, HashKey.of(key), 4);
                Set<Node> excluded = new HashSet<>();
                for (Node choice : choices) {
                    assertSame(choice, prepared.pick(nodes, Nodes.excluding(key, excluded), 0));
                    excluded.add(choice);
                }
                assertEquals(4, excluded.size());
            }
        }
    }

    @Test
    void choicesOfWhatIsLeftAreTheSameInTheSameOrder() {
        NodeSet nodes = Nodes.weighted(1, 5, 2, 1, 1, 3);
        for (long hash = 1; hash < 300; hash++) {
            List<Node> all = ConsistentHash.choices(nodes, HashKey.of(hash), 6);
            List<Node> fewer = ConsistentHash.choices(Nodes.without(nodes, 2), HashKey.of(hash), 6);
            assertEquals(all.stream().filter(node -> node != nodes.get(2)).toList(), fewer);
        }
    }

    @Test
    void choicesAreAsManyAsThereAre() {
        NodeSet nodes = Nodes.weighted(1, 0, 1);
        assertEquals(2, ConsistentHash.choices(nodes, 7, 10).size());
        assertEquals(List.of(), ConsistentHash.choices(nodes, 7, 0));
        String message = assertThrows(IllegalArgumentException.class, () -> ConsistentHash.choices(nodes, 7, -1))
                .getMessage();
        assertEquals("count: -1 (expected: >= 0)", message);
    }

    @Test
    void equalWeightsHaveTheSameOwnersWhateverTheWeightIs() {
        String[] ones = Nodes.owners(ConsistentHash.rendezvous(), Nodes.weighted(1, 1, 1, 1), 2000);
        String[] sevens = Nodes.owners(ConsistentHash.rendezvous(), Nodes.weighted(7, 7, 7, 7), 2000);
        assertEquals(List.of(ones), List.of(sevens));
    }

    @Test
    void neighbouringNumbersAreSpreadToo() {
        NodeSet nodes = Nodes.equal(10);
        Balancer prepared = ConsistentHash.rendezvous().prepare(nodes);
        Map<Node, Integer> counts = new HashMap<>();
        for (int number = 1; number <= 10_000; number++) {
            long hash = number;
            counts.merge(
                    prepared.pick(
                            nodes,
                            new RequestContext() {
                                @Override
                                public long hashKey() {
                                    return hash;
                                }
                            },
                            0),
                    1,
                    Integer::sum);
        }
        counts.values().forEach(count -> assertEquals(1000, count, 150));
        assertEquals(10, counts.size());
    }

    @Test
    void everyNodeMayBeSecondToEveryOther() {
        NodeSet nodes = Nodes.equal(5);
        Set<List<Node>> pairs = new HashSet<>();
        for (long hash = 1; hash < 2000; hash++) {
            List<Node> pair = ConsistentHash.choices(nodes, HashKey.of(hash), 2);
            assertNotEquals(pair.get(0), pair.get(1));
            pairs.add(pair);
        }
        assertEquals(20, pairs.size());
        assertTrue(pairs.contains(List.of(nodes.get(4), nodes.get(0))));
    }
}
