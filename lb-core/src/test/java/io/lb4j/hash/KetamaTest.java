package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.vectors.Vectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KetamaTest {
    private static final Map<String, Object> MISC = Vectors.json("ketama_misc.json");

    private static NodeSet memcached() {
        return Nodes.of(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> Endpoint.of("10.0.1." + i, 11211))
                .toArray(Endpoint[]::new));
    }

    private static NodeSet nodes(Object ids) {
        return Nodes.of(Vectors.list(ids).stream()
                .map(id -> Endpoint.parse((String) id))
                .toArray(Endpoint[]::new));
    }

    @Test
    void everyKeyOfTheLibketamaTablesHasItsOwner() {
        NodeSet nodes = memcached();
        Balancer fixed = ConsistentHash.ketama().prepare(nodes);
        Balancer rescaled = ConsistentHash.ketama(Ketama.libketama()).prepare(nodes);
        List<String[]> rows = Vectors.csv("ketama_spymemcached_compat.csv");
        assertEquals(1621, rows.size());
        for (String[] row : rows) {
            RequestContext request = RequestContext.ofKey(row[1]);
            assertEquals(
                    Integer.parseUnsignedInt(row[2]), (int) HashFunction.md5().hash(row[1]), row[1]);
            assertEquals(row[3], Nodes.id(fixed.pick(nodes, request, 0)), row[1]);
            assertEquals(row[3], Nodes.id(rescaled.pick(nodes, request, 0)), row[1]);
        }
    }

    @Test
    void keyHashesAreThePublishedOnes() {
        Vectors.map(MISC.get("key_hash_u32"))
                .forEach((key, hash) ->
                        assertEquals(Vectors.number(hash), HashFunction.md5().hash(key) & 0xFFFFFFFFL, key));
    }

    @Test
    void ringsOfFourAndFiveNodesAreThoseOfSpymemcached() {
        for (String name : new String[] {"ring_4_nodes", "ring_5_nodes"}) {
            Map<String, Object> expected = Vectors.map(MISC.get(name));
            Object ids = expected.getOrDefault(
                    "nodes",
                    IntStream.range(0, 5).mapToObj(i -> "127.0.0.1:1000" + i).toList());
            NodeSet nodes = nodes(ids);
            Vectors.map(expected.get("lookups"))
                    .forEach(
                            (key, owner) -> assertEquals(owner, Nodes.owner(ConsistentHash.ketama(), nodes, key), key));
        }
    }

    @Test
    void highestPointOfTheRingOfFourIsThePublishedOne() {
        Map<String, Object> expected = Vectors.map(MISC.get("ring_4_nodes"));
        Ring ring = ring(Ketama.fixed(), nodes(expected.get("nodes")));
        assertEquals(640, ring.size());
        assertEquals(Vectors.number(expected.get("max_point")), ring.position(639) >>> 32);
    }

    private static Ring ring(Ketama ketama, NodeSet nodes) {
        return RingBalancer.ring(new KetamaPoints(ketama), Members.weighted(nodes, Endpoint::id));
    }

    @Test
    void firstPointsOfAServerAreThePublishedOnes() {
        List<Long> positions = new ArrayList<>();
        Ring ring = ring(Ketama.fixed(), Nodes.of(Endpoint.of("10.0.1.1", 11211)));
        IntStream.range(0, ring.size()).forEach(i -> positions.add(ring.position(i) >>> 32));
        List<Long> published = Vectors.list(MISC.get("first_points_of_10.0.1.1:11211")).stream()
                .map(Vectors::number)
                .toList();
        assertEquals(16, published.size());
        assertTrue(positions.containsAll(published));
    }

    @Test
    void weightsOfLibketamaMeanItsNumbersOfPoints() {
        Map<String, Object> expected = Vectors.map(MISC.get("libketama_points_per_server"));
        Map<String, Object> weights = Vectors.map(expected.get("servers"));
        NodeSet nodes = Nodes.of(weights.keySet().stream()
                .map(id -> Endpoint.parse(id).withWeight(Vectors.decimal(weights.get(id))))
                .toArray(Endpoint[]::new));
        Map<String, Long> counts = new HashMap<>();
        Ring ring = ring(Ketama.libketama(), nodes);
        Members members = Members.weighted(nodes, Endpoint::id);
        IntStream.range(0, ring.size())
                .forEach(i -> counts.merge(members.endpoint(ring.owner(i)).id(), 1L, Long::sum));
        Map<String, Long> published = new HashMap<>();
        Vectors.map(expected.get("points")).forEach((id, count) -> published.put(id, Vectors.number(count)));
        assertEquals(published, counts);
    }

    @Test
    void fixedPointsDependOnTheWeightOfTheNodeAlone() {
        NodeSet nodes = Nodes.weighted(1, 2, 0.5, 0.001);
        int[] counts = new int[4];
        Ring ring = ring(Ketama.fixed(), nodes);
        IntStream.range(0, ring.size()).forEach(i -> counts[ring.owner(i)]++);
        assertEquals(List.of(160, 320, 80, 4), IntStream.of(counts).boxed().toList());
    }

    @Test
    void namesOfLibmemcachedLeaveOutItsPort() {
        Map<String, Object> expected = Vectors.map(MISC.get("weighted_libmemcached"));
        NodeSet nodes = Nodes.of(
                Endpoint.of("localhost", 11211).withWeight(8).withId("127.0.0.1:11211"),
                Endpoint.of("localhost", 11212).withWeight(8).withId("127.0.0.1:11212"));
        Ketama points = Ketama.libketama().withPointName(Ketama.PointName.LIBMEMCACHED);
        Vectors.map(expected.get("lookups"))
                .forEach((key, owner) ->
                        assertEquals(owner, Nodes.owner(ConsistentHash.ketama(points), nodes, key), key));
    }

    @Test
    void namesMayBeOnesOwn() {
        NodeSet plain = memcached();
        NodeSet renamed = Nodes.of(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> Endpoint.of("cache-" + i, 80).withAttribute("address", "10.0.1." + i + ":11211"))
                .toArray(Endpoint[]::new));
        Ketama byAddress = Ketama.fixed()
                .withPointName((endpoint, i) -> endpoint.attributes().get("address") + "-" + i);
        for (int i = 0; i < 1000; i++) {
            String owner = Nodes.owner(ConsistentHash.ketama(), plain, "key" + i);
            NodeSet found = renamed.filter(
                    node -> owner.equals(node.endpoint().attributes().get("address")));
            assertEquals(
                    found.get(0).endpoint().id(), Nodes.owner(ConsistentHash.ketama(byAddress), renamed, "key" + i));
        }
    }
}
