package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every algorithm that places requests by key. */
class KeyTest {
    enum Algorithm {
        MAGLEV,
        RING_HASH,
        KETAMA,
        LIBKETAMA,
        NGINX,
        RENDEZVOUS,
        JUMP,
        BOUNDED_MAGLEV,
        BOUNDED_KETAMA;

        Balancer balancer() {
            return switch (this) {
                case MAGLEV -> ConsistentHash.maglev();
                case RING_HASH -> ConsistentHash.ringHash();
                case KETAMA -> ConsistentHash.ketama();
                case LIBKETAMA -> ConsistentHash.ketama(Ketama.libketama());
                case NGINX -> ConsistentHash.nginxHash();
                case RENDEZVOUS -> ConsistentHash.rendezvous();
                case JUMP -> ConsistentHash.jump();
                case BOUNDED_MAGLEV -> ConsistentHash.bounded(ConsistentHash.maglev());
                case BOUNDED_KETAMA -> ConsistentHash.bounded(ConsistentHash.ketama(), 1.5);
            };
        }

        Balancer withoutKey(Balancer spare) {
            return switch (this) {
                case MAGLEV -> ConsistentHash.maglev(251, spare);
                case RING_HASH -> ConsistentHash.ringHash(100, 200, spare);
                case KETAMA -> ConsistentHash.ketama(Ketama.fixed(), spare);
                case LIBKETAMA -> ConsistentHash.ketama(Ketama.libketama(), spare);
                case NGINX -> ConsistentHash.nginxHash(spare);
                case RENDEZVOUS -> ConsistentHash.rendezvous(spare);
                case JUMP -> ConsistentHash.jump(endpoint -> null, spare);
                case BOUNDED_MAGLEV, BOUNDED_KETAMA -> ConsistentHash.bounded(ConsistentHash.maglev(251, spare));
            };
        }
    }

    private static RequestContext hashed(long hash) {
        return new RequestContext() {
            @Override
            public long hashKey() {
                return hash;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfTheListDoesNotMatter(Algorithm algorithm) {
        NodeSet nodes = Nodes.weighted(1, 2, 3, 1, 1, 0.5, 7, 1, 0, 1);
        String[] owners = Nodes.owners(algorithm.balancer(), nodes, 2000);
        for (int seed = 0; seed < 3; seed++) {
            assertEquals(
                    Arrays.asList(owners),
                    Arrays.asList(Nodes.owners(algorithm.balancer(), Nodes.shuffled(nodes, seed), 2000)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewOrderOfTheListFollowsThePreparedTable(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(7);
        NodeSet shuffled = Nodes.shuffled(nodes, 5);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        Balancer again = prepared.prepare(shuffled);
        for (int i = 0; i < 500; i++) {
            RequestContext request = RequestContext.ofKey("key-" + i);
            assertEquals(Nodes.id(prepared.pick(nodes, request, 0)), Nodes.id(again.pick(shuffled, request, 0)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void preparingForTheSameNodesAndWeightsReturnsTheSameObject(Algorithm algorithm) {
        NodeSet nodes = Nodes.weighted(1, 2, 3, 0);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        assertNotSame(prepared, algorithm.balancer());
        assertSame(prepared, prepared.prepare(nodes));
        assertSame(prepared, prepared.prepare(nodes.filter(node -> true)));
        assertSame(prepared, prepared.prepare(Nodes.weighted(1, 2, 3, 0)));
        if (algorithm != Algorithm.JUMP) {
            assertNotSame(prepared, prepared.prepare(Nodes.weighted(1, 2, 4, 0)));
        }
        assertNotSame(prepared, prepared.prepare(Nodes.weighted(1, 2, 3, 1)));
        assertNotSame(prepared, prepared.prepare(Nodes.weighted(1, 2)));
    }

    @ParameterizedTest
    @EnumSource
    void nodesOfWeightZeroGetNoKeys(Algorithm algorithm) {
        NodeSet nodes = Nodes.weighted(0, 1, 0, 2, 0);
        Set<String> owners = new HashSet<>(Arrays.asList(Nodes.owners(algorithm.balancer(), nodes, 2000)));
        assertEquals(
                Set.of(nodes.get(1).endpoint().id(), nodes.get(3).endpoint().id()), owners);
        NodeSet none = Nodes.weighted(0, 0);
        Balancer prepared = algorithm.balancer().prepare(none);
        assertNull(prepared.pick(none, RequestContext.ofKey("k"), 0));
        assertNull(prepared.pick(none, Nodes.excluding(null, Set.of()), 0));
    }

    @ParameterizedTest
    @EnumSource
    void excludedNodesAreNeverPickedAndTheirKeysKeepOneNextOwner(Algorithm algorithm) {
        NodeSet nodes = Nodes.weighted(1, 1, 2, 1, 0, 1);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        for (int mask = 0; mask < 64; mask++) {
            Set<Node> excluded = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                if ((mask >> i & 1) != 0) {
                    excluded.add(nodes.get(i));
                }
            }
            for (int k = 0; k < 50; k++) {
                RequestContext request = Nodes.excluding("key-" + k, excluded);
                Node picked = prepared.pick(nodes, request, 0);
                if ((~mask & 0b101111) == 0) {
                    assertNull(picked);
                    continue;
                }
                assertNotNull(picked);
                assertTrue(picked.endpoint().weight() > 0 && !excluded.contains(picked));
                assertSame(picked, prepared.pick(nodes, request, 0));
                Node first = prepared.pick(nodes, RequestContext.ofKey("key-" + k), 0);
                assertTrue(excluded.contains(first) || picked == first, "a key left a node that may be picked");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastNodeThatMayBePickedIsFoundAmongMany(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(300);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        for (int left = 0; left < 300; left += 37) {
            Set<Node> excluded = new HashSet<>();
            nodes.forEach(excluded::add);
            excluded.remove(nodes.get(left));
            assertSame(nodes.get(left), prepared.pick(nodes, Nodes.excluding("key-" + left, excluded), 0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsWithoutAKeyAreSpreadByWeight(Algorithm algorithm) {
        NodeSet nodes = Nodes.weighted(1, 3);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        int second = 0;
        for (int i = 0; i < 8000; i++) {
            second += prepared.pick(nodes, RequestContext.none(), 0) == nodes.get(1) ? 1 : 0;
        }
        double expected = algorithm == Algorithm.JUMP ? 4000 : 6000;
        assertEquals(expected, second, 600);
    }

    private record LastOfPrepared(@Nullable Node last) implements Balancer {
        @Override
        public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
            return Objects.requireNonNull(last, "not prepared");
        }

        @Override
        public Balancer prepare(NodeSet candidates) {
            return new LastOfPrepared(candidates.get(candidates.size() - 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsWithoutAKeyGoToTheBalancerGivenForThem(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(5);
        Balancer last = new LastOfPrepared(null);
        Balancer prepared = algorithm.withoutKey(last).prepare(nodes);
        Set<Node> keyed = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertSame(nodes.get(4), prepared.pick(nodes, RequestContext.none(), 0));
            keyed.add(Objects.requireNonNull(prepared.pick(nodes, RequestContext.ofKey("key-" + i), 0)));
        }
        assertEquals(5, keyed.size());
        NodeSet fewer = Nodes.without(nodes, 4);
        assertSame(fewer.get(3), prepared.prepare(fewer).pick(fewer, RequestContext.none(), 0));
    }

    @ParameterizedTest
    @EnumSource
    void hashMayTakeThePlaceOfTextAsTheKey(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(10);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        Map<Node, Integer> counts = new HashMap<>();
        for (long user = 1; user <= 5000; user++) {
            RequestContext request = hashed(HashKey.of(user));
            Node owner = Objects.requireNonNull(prepared.pick(nodes, request, 0));
            assertSame(owner, prepared.pick(nodes, request, 0));
            counts.merge(owner, 1, Integer::sum);
        }
        counts.values().forEach(count -> assertEquals(500, count, 200));
    }

    /** Half of all keys has a negative hash; a hash that is extended with its sign sends those to one node. */
    @ParameterizedTest
    @EnumSource
    void hashesWithTheHighestBitSetAreSpreadLikeOthers(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(10);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        Map<Node, Integer> negative = new HashMap<>();
        int total = 0;
        for (int i = 0; i < 10_000; i++) {
            String key = "key-" + i;
            boolean high = HashKey.of(key) < 0
                    && (int) HashFunction.md5().hash(key) < 0
                    && (byte) HashFunction.crc32().hash(key) < 0;
            if (high) {
                negative.merge(
                        Objects.requireNonNull(prepared.pick(nodes, RequestContext.ofKey(key), 0)), 1, Integer::sum);
                total++;
            }
        }
        assertEquals(1250, total, 150);
        for (int count : negative.values()) {
            assertTrue(count < total * 0.35, negative::toString);
        }
        assertTrue(negative.size() >= 6, negative::toString);
    }

    @ParameterizedTest
    @EnumSource
    void oneHeavyHostAmongAThousandGetsItsPart(Algorithm algorithm) {
        double[] weights = new double[1000];
        Arrays.fill(weights, 1);
        weights[345] = 999;
        NodeSet nodes = Nodes.weighted(weights);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        int heavy = 0;
        for (int i = 0; i < 4000; i++) {
            heavy += prepared.pick(nodes, RequestContext.ofKey("key-" + i), 0) == nodes.get(345) ? 1 : 0;
        }
        double expected = algorithm == Algorithm.JUMP ? 4 : 2000;
        assertEquals(expected, heavy, expected / 10 + 10);
    }

    @ParameterizedTest
    @EnumSource
    void pickBeforePrepareSaysWhatToDo(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(2);
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> algorithm.balancer().pick(nodes, RequestContext.ofKey("k"), 0))
                .getMessage();
        assertTrue(message.contains("prepare(nodes)"), message);
    }

    @ParameterizedTest
    @EnumSource
    void oneObjectServesTwoLoadBalancers(Algorithm algorithm) {
        NodeSet three = Nodes.equal(3);
        NodeSet four = Nodes.equal(4);
        Balancer one = algorithm.balancer().prepare(three);
        Balancer two = algorithm.balancer().prepare(four);
        Set<Node> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            RequestContext request = RequestContext.ofKey("key-" + i);
            seen.add(Objects.requireNonNull(one.pick(three, request, 0)));
            seen.add(Objects.requireNonNull(two.pick(four, request, 0)));
        }
        assertEquals(7, seen.size());
    }

    @ParameterizedTest
    @EnumSource
    void keysOfAnyTextAndLengthHaveAnOwner(Algorithm algorithm) {
        NodeSet nodes = Nodes.equal(3);
        Balancer prepared = algorithm.balancer().prepare(nodes);
        for (String key : new String[] {"", " ", "é", "日本語", "x".repeat(10_000), "\uD800"}) {
            Node owner = prepared.pick(nodes, RequestContext.ofKey(key), 0);
            assertNotNull(owner);
            assertSame(owner, prepared.pick(nodes, RequestContext.ofKey(key), 0), key);
        }
        assertNotEquals(0, HashKey.of(""));
    }

    @ParameterizedTest
    @EnumSource
    void weightsOfAnyMagnitudeAreUsable(Algorithm algorithm) {
        for (double unit : new double[] {Double.MIN_VALUE, Double.MAX_VALUE}) {
            NodeSet nodes = Nodes.weighted(unit, unit, unit);
            Set<String> owners = new HashSet<>(Arrays.asList(Nodes.owners(algorithm.balancer(), nodes, 200)));
            assertEquals(3, owners.size(), "weight " + unit);
        }
    }
}
