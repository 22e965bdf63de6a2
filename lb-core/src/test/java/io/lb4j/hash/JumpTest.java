package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.vectors.Vectors;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JumpTest {
    private static Endpoint shard(int number) {
        return Endpoint.of("db" + (char) ('z' - number % 26) + number, 5432).withAttribute("shard", "" + number);
    }

    private static NodeSet shards(int count) {
        return Nodes.of(IntStream.range(0, count).mapToObj(JumpTest::shard).toArray(Endpoint[]::new));
    }

    @Test
    void bucketsAreThePublishedOnes() {
        Map<String, Object> published = Vectors.json("jump_published.json");
        int[] hundred = Vectors.ints(published.get("keys_0_to_19_buckets_100"));
        for (int key = 0; key < hundred.length; key++) {
            assertEquals(hundred[key], Jump.bucket(key, 100));
        }
        for (Object element : Vectors.list(published.get("cases"))) {
            Map<String, Object> row = Vectors.map(element);
            long key = Long.parseUnsignedLong((String) row.get("key"));
            assertEquals(Vectors.number(row.get("bucket")), Jump.bucket(key, (int) Vectors.number(row.get("buckets"))));
        }
        Vectors.map(published.get("buckets_1_to_n")).forEach((key, buckets) -> {
            int[] expected = Vectors.ints(buckets);
            for (int n = 1; n <= expected.length; n++) {
                assertEquals(expected[n - 1], Jump.bucket(Long.decode(key), n), key + " of " + n);
            }
        });
    }

    @Test
    void bucketsAreThoseOfGuava() {
        List<String[]> rows = Vectors.csv("jump_grid.csv");
        assertTrue(rows.size() > 100);
        for (String[] row : rows) {
            assertEquals(
                    Integer.parseInt(row[2]),
                    Jump.bucket(Long.parseUnsignedLong(row[0], 16), Integer.parseInt(row[1])),
                    row[0] + " of " + row[1]);
        }
    }

    @Test
    void shardIsTheNumberInTheAttribute() {
        NodeSet nodes = Nodes.shuffled(shards(12), 1);
        for (int i = 0; i < 1000; i++) {
            String key = "key-" + i;
            String owner = Nodes.owner(ConsistentHash.jump(), nodes, key);
            assertEquals(shard(Jump.bucket(HashKey.of(key), 12)).id(), owner);
        }
    }

    @Test
    void withoutNumbersTheOrderIsThatOfIdsShortOnesFirst() {
        NodeSet nodes = Nodes.shuffled(
                Nodes.of(IntStream.range(0, 12)
                        .mapToObj(i -> Endpoint.of("db-" + i, 5432))
                        .toArray(Endpoint[]::new)),
                2);
        for (int i = 0; i < 1000; i++) {
            String key = "key-" + i;
            assertEquals(
                    "db-" + Jump.bucket(HashKey.of(key), 12) + ":5432", Nodes.owner(ConsistentHash.jump(), nodes, key));
        }
    }

    @Test
    void addingTheNextShardMovesKeysToItOnly() {
        String[] before = Nodes.owners(ConsistentHash.jump(), shards(9), 5000);
        String[] after = Nodes.owners(ConsistentHash.jump(), shards(10), 5000);
        int moved = 0;
        for (int i = 0; i < before.length; i++) {
            if (!before[i].equals(after[i])) {
                assertEquals(shard(9).id(), after[i]);
                moved++;
            }
        }
        assertEquals(500, moved, 90);
    }

    @Test
    void missingNumberGivesItsKeysToAllOthersAndMovesNoMore() {
        NodeSet all = shards(10);
        NodeSet gap = Nodes.without(all, 4);
        String[] before = Nodes.owners(ConsistentHash.jump(), all, 5000);
        String[] after = Nodes.owners(ConsistentHash.jump(), gap, 5000);
        Set<String> heirs = new HashSet<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i].equals(shard(4).id())) {
                heirs.add(after[i]);
            } else {
                assertEquals(before[i], after[i]);
            }
        }
        assertEquals(9, heirs.size());
    }

    @Test
    void weightZeroKeepsItsNumberAndGetsNoKeys() {
        Endpoint[] endpoints = Nodes.endpoints(10);
        NodeSet all = Nodes.of(endpoints);
        endpoints[3] = endpoints[3].withWeight(0);
        String[] before = Nodes.owners(ConsistentHash.jump(), all, 3000);
        String[] after = Nodes.owners(ConsistentHash.jump(), Nodes.of(endpoints), 3000);
        for (int i = 0; i < before.length; i++) {
            if (before[i].equals(endpoints[3].id())) {
                assertNotEquals(endpoints[3].id(), after[i]);
            } else {
                assertEquals(before[i], after[i]);
            }
        }
    }

    @Test
    void endpointsWithTheSameNumberShareItsKeys() {
        NodeSet nodes = Nodes.of(shard(0), shard(1), shard(1).withId("replica"));
        String[] owners = Nodes.owners(ConsistentHash.jump(), nodes, 4000);
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < owners.length; i++) {
            assertEquals(Jump.bucket(HashKey.of("key-" + i), 2) == 0, owners[i].equals(shard(0).id()));
            counts.merge(owners[i], 1L, Long::sum);
        }
        assertEquals(2000, counts.get(shard(0).id()), 200);
        assertEquals(1000, counts.get("replica"), 150);
        NodeSet withoutReplica = Nodes.without(nodes, 2);
        assertEquals(shard(1).id(), Nodes.owner(ConsistentHash.jump(), withoutReplica, keyOf("replica", owners)));
    }

    private static String keyOf(String owner, String[] owners) {
        return "key-" + List.of(owners).indexOf(owner);
    }

    @Test
    void endpointWithABadNumberGetsNoKeysAndTheOthersStay() {
        for (String bad : new String[] {"x", "-1", "65536", ""}) {
            NodeSet nodes = Nodes.of(
                    shard(0), shard(1), Endpoint.of("other", 1).withAttribute("shard", bad), Endpoint.of("none", 1));
            String[] owners = Nodes.owners(ConsistentHash.jump(), nodes, 500);
            assertEquals(Set.of(shard(0).id(), shard(1).id()), new HashSet<>(List.of(owners)));
        }
    }

    @Test
    void numbersMayComeFromAnythingTheEndpointHas() {
        Balancer byPort = ConsistentHash.jump(endpoint -> endpoint.port() - 7000);
        NodeSet nodes = Nodes.of(Endpoint.of("c", 7000), Endpoint.of("a", 7001), Endpoint.of("b", 7002));
        for (int i = 0; i < 100; i++) {
            String owner = Nodes.owner(byPort, nodes, "key-" + i);
            assertTrue(owner.endsWith(":700" + Jump.bucket(HashKey.of("key-" + i), 3)), owner);
        }
    }

    @Test
    void nothingIsPickedIfAllWeightsAreZero() {
        NodeSet nodes = Nodes.weighted(0, 0);
        assertNull(ConsistentHash.jump().prepare(nodes).pick(nodes, RequestContext.ofKey("k"), 0));
    }
}
