package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.vectors.Vectors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final Map<String, Object> ENVOY =
            Vectors.map(Vectors.json("envoy_ring_maglev.json").get("ring_hash"));

    private static RequestContext hashed(long hash) {
        return new RequestContext() {
            @Override
            public long hashKey() {
                return hash;
            }
        };
    }

    private static NodeSet six() {
        return Nodes.of(IntStream.rangeClosed(90, 95)
                .mapToObj(port -> Endpoint.of("127.0.0.1", port))
                .toArray(Endpoint[]::new));
    }

    private static List<List<Object>> points(int minRingSize, int maxRingSize, NodeSet nodes) {
        Members members = Members.weighted(nodes, Endpoint::id);
        Ring ring = RingBalancer.ring(new EnvoyPoints(minRingSize, maxRingSize), members);
        return IntStream.range(0, ring.size())
                .mapToObj(i -> List.<Object>of(
                        new BigDecimal(Long.toUnsignedString(ring.position(i))),
                        new BigDecimal(members.endpoint(ring.owner(i)).port())))
                .toList();
    }

    @Test
    void pointsAreThoseOfEnvoy() {
        assertEquals(ENVOY.get("basic_6_hosts_min12"), points(12, 8_388_608, six()));
        Endpoint[] named = IntStream.rangeClosed(90, 95)
                .mapToObj(port -> Endpoint.of("127.0.0.1", port).withId("" + port))
                .toArray(Endpoint[]::new);
        assertEquals(ENVOY.get("hostname_6_hosts_min12"), points(12, 8_388_608, Nodes.of(named)));
        Endpoint[] weighted = IntStream.rangeClosed(90, 92)
                .mapToObj(port -> Endpoint.of("127.0.0.1", port).withWeight(port - 89))
                .toArray(Endpoint[]::new);
        assertEquals(ENVOY.get("weighted_1_2_3_ring6"), points(6, 8_388_608, Nodes.of(weighted)));
        NodeSet two = Nodes.of(Endpoint.of("127.0.0.1", 80), Endpoint.of("127.0.0.1", 81));
        assertEquals(ENVOY.get("uneven_2_hosts_min3"), points(3, 8_388_608, two));
    }

    @Test
    void numberOfPointsFollowsTheBounds() {
        assertEquals(1026, points(1024, 8_388_608, six()).size());
        assertEquals(1100, points(1024, 8_388_608, Nodes.equal(100)).size());
        assertEquals(1024, points(1024, 1024, Nodes.equal(100)).size(), 1);
        assertEquals(4096, points(1024, 4096, Nodes.weighted(1, 1_000_000)).size(), 1);
    }

    @Test
    void lookupsAreThoseOfEnvoy() {
        NodeSet nodes = six();
        Balancer ring = ConsistentHash.ringHash(12, 8_388_608, (set, request, now) -> set.get(4))
                .prepare(nodes);
        Vectors.map(ENVOY.get("lookups_basic"))
                .forEach((hash, port) -> assertEquals(
                        "127.0.0.1:" + port,
                        Nodes.id(ring.pick(nodes, hashed(Long.parseUnsignedLong(hash)), 0)),
                        hash));
    }

    @Test
    void ownersOfKeysAreThoseOfEnvoy() {
        Map<String, Object> owners = Vectors.map(ENVOY.get("computed_6_hosts_min1024_key_to_host"));
        assertTrue(owners.size() >= 50);
        owners.forEach((key, owner) -> assertEquals(owner, Nodes.owner(ConsistentHash.ringHash(), six(), key), key));
    }

    @Test
    void excludedOwnersAreFollowedInTheOrderOfEnvoysAttempts() {
        NodeSet nodes = six();
        Balancer ring = ConsistentHash.ringHash(12, 8_388_608).prepare(nodes);
        RequestContext lowest = new RequestContext() {
            @Override
            public CharSequence key() {
                return "hashed as 0";
            }

            @Override
            public long hashKey() {
                return 0;
            }

            @Override
            public boolean hasExclusions() {
                return true;
            }

            @Override
            public boolean excludes(Node node) {
                return Set.of(94, 92).contains(node.endpoint().port());
            }
        };
        assertEquals("127.0.0.1:90", Nodes.id(ring.pick(nodes, lowest, 0)));
    }

    @Test
    void ringIsSortedAndFindsTheSuccessorOfEveryPosition() {
        for (int size : new int[] {1, 2, 3, 100, 1025}) {
            Ring.Builder builder = new Ring.Builder();
            TreeMap<BigDecimal, Integer> expected = new TreeMap<>();
            for (int i = 0; i < size; i++) {
                long position = HashKey.of(i + 1L) << (i % 3 == 0 ? 32 : 0);
                builder.add(position, i);
                expected.putIfAbsent(new BigDecimal(Long.toUnsignedString(position)), i);
            }
            Ring ring = builder.build();
            for (long i = 0; i < 5000; i++) {
                long position = i == 0 ? 0 : i == 1 ? -1 : HashKey.of(-i);
                Map.Entry<BigDecimal, Integer> successor =
                        expected.ceilingEntry(new BigDecimal(Long.toUnsignedString(position)));
                int owner = (successor == null ? expected.firstEntry() : successor).getValue();
                assertEquals(owner, ring.owner(ring.successor(position)));
            }
        }
    }

    @Test
    void pointAddedFirstComesFirstAtTheSamePosition() {
        Ring.Builder builder = new Ring.Builder();
        for (int owner = 0; owner < 5; owner++) {
            builder.add(7L << 40, owner);
        }
        Ring ring = builder.build();
        assertEquals(
                List.of(0, 1, 2, 3, 4),
                IntStream.range(0, 5).mapToObj(ring::owner).toList());
        assertEquals(0, ring.successor(7L << 40));
    }

    @Test
    void nginxHashAgreesWithItsPort() {
        NodeSet equal = nginx(1, 1, 1);
        NodeSet weighted = nginx(2, 3, 1);
        List<String[]> rows = Vectors.csv("nginx_hash.csv");
        assertTrue(rows.size() > 20);
        for (String[] row : rows) {
            assertEquals(Integer.parseUnsignedInt(row[1]), Crc32.of(row[0]), row[0]);
            assertEquals(row[2], Nodes.owner(ConsistentHash.nginxHash(), equal, row[0]), row[0]);
            assertEquals(row[3], Nodes.owner(ConsistentHash.nginxHash(), weighted, row[0]), row[0]);
        }
    }

    private static NodeSet nginx(double... weights) {
        return Nodes.of(IntStream.range(0, weights.length)
                .mapToObj(i -> Endpoint.of("127.0.0.1", 8081 + i).withWeight(weights[i]))
                .toArray(Endpoint[]::new));
    }

    /** Recorded from NGINX 1.22.1. */
    @Test
    void nginxHashAgreesWithNginx() {
        assertEquals("ABBCCABCAABBACBBCAAC", recorded(1));
        assertEquals("AABCCAACAAABACABCAAC", recorded(2));
    }

    private static String recorded(double weightOfA) {
        NodeSet nodes = Nodes.of(
                Endpoint.of("127.0.0.1", 18201).withWeight(weightOfA),
                Endpoint.of("127.0.0.1", 18202),
                Endpoint.of("127.0.0.1", 18203));
        StringBuilder owners = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String owner = Nodes.owner(ConsistentHash.nginxHash(), nodes, "k" + i);
            owners.append((char) ('A' + owner.charAt(owner.length() - 1) - '1'));
        }
        return owners.toString();
    }

    @Test
    void firstPointsOfAnNginxServerAreThePublishedOnes() {
        Members members = Members.weighted(Nodes.of(Endpoint.of("127.0.0.1", 18201)), NginxPoints.INSTANCE::name);
        Ring ring = RingBalancer.ring(NginxPoints.INSTANCE, members);
        List<Long> positions = new ArrayList<>();
        IntStream.range(0, ring.size()).forEach(i -> positions.add(ring.position(i) >>> 32));
        assertEquals(160, ring.size());
        assertTrue(positions.containsAll(List.of(0x7da092bdL, 0xec9cd90cL)));
    }

    @Test
    void newAddressUnderTheSameIdHasNewPoints() {
        NodeSet before = Nodes.of(
                Endpoint.of("a", 80).withId("one"), Endpoint.of("b", 80).withId("two"));
        NodeSet after = Nodes.of(
                Endpoint.of("c", 80).withId("one"), Endpoint.of("b", 80).withId("two"));
        Balancer prepared = ConsistentHash.nginxHash().prepare(before);
        String[] expected = Nodes.owners(ConsistentHash.nginxHash(), after, 500);
        assertNotEquals(List.of(Nodes.owners(ConsistentHash.nginxHash(), before, 500)), List.of(expected));
        assertEquals(List.of(expected), List.of(Nodes.owners(prepared, after, 500)));
    }

    @Test
    void pointsStayWithinTheLimitHoweverLargeTheWeights() {
        NodeSet nodes = Nodes.weighted(1e300, 1e300, 2e300);
        for (RingRule rule : new RingRule[] {NginxPoints.INSTANCE, new KetamaPoints(Ketama.fixed())}) {
            Ring ring = RingBalancer.ring(rule, Members.weighted(nodes, Endpoint::id));
            int[] counts = new int[3];
            IntStream.range(0, ring.size()).forEach(i -> counts[ring.owner(i)]++);
            assertTrue(ring.size() > 4_000_000 && ring.size() <= 8_388_620, "" + ring.size());
            assertEquals(2.0, counts[2] / (double) counts[0], 1e-3, Arrays.toString(counts));
        }
    }
}
