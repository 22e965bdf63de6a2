package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys move when a node leaves, and, read the other way round, when it joins. */
class DisruptionTest {
    private static final int KEYS = 20_000;

    /** The first, one in the middle and the last, in the order of the list and in that of the ids. */
    private static int[] removals(int count) {
        return new int[] {0, count / 2, count - 1};
    }

    /** Sizes and weights from a seed. */
    private static List<NodeSet> sets() {
        List<NodeSet> sets =
                new ArrayList<>(List.of(Nodes.equal(2), Nodes.equal(3), Nodes.equal(10), Nodes.equal(100)));
        Random random = new Random(3);
        for (int i = 0; i < 4; i++) {
            sets.add(Nodes.shuffled(
                    Nodes.weighted(
                            random.doubles(2 + random.nextInt(20), 0.1, 4).toArray()),
                    i));
        }
        return sets;
    }

    static List<Balancer> exact() {
        return List.of(ConsistentHash.rendezvous(), ConsistentHash.ketama(), ConsistentHash.nginxHash());
    }

    @ParameterizedTest
    @MethodSource("exact")
    void removedNodeMovesItsOwnKeysOnly(Balancer balancer) {
        for (NodeSet all : sets()) {
            String[] before = Nodes.owners(balancer, all, KEYS);
            for (int removed : removals(all.size())) {
                String gone = all.get(removed).endpoint().id();
                String[] after = Nodes.owners(balancer, Nodes.without(all, removed), KEYS);
                for (int i = 0; i < KEYS; i++) {
                    if (before[i].equals(gone)) {
                        assertNotEquals(gone, after[i]);
                    } else {
                        assertEquals(before[i], after[i], "a key of another node moved");
                    }
                }
                assertTrue(Arrays.asList(before).contains(gone));
            }
        }
    }

    /** So a node that fails moves its keys once, when it is noticed, and not again when it leaves the list. */
    @ParameterizedTest
    @MethodSource("exact")
    void nextOwnerOfAnExcludedNodesKeyIsTheOwnerWithoutTheNode(Balancer balancer) {
        NodeSet all = Nodes.weighted(1, 1, 2, 0.5, 1, 3);
        Balancer prepared = balancer.prepare(all);
        for (int removed = 0; removed < all.size(); removed++) {
            Set<Node> excluded = Set.of(all.get(removed));
            String[] after = Nodes.owners(balancer, Nodes.without(all, removed), 1000);
            for (int i = 0; i < after.length; i++) {
                assertEquals(after[i], Nodes.id(prepared.pick(all, Nodes.excluding("key-" + i, excluded), 0)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("exact")
    void changedWeightMovesKeysToOrFromItsNodeOnly(Balancer balancer) {
        Endpoint[] endpoints = Nodes.endpoints(10);
        String[] before = Nodes.owners(balancer, Nodes.of(endpoints), KEYS);
        String changed = endpoints[4].id();
        endpoints[4] = endpoints[4].withWeight(2);
        String[] more = Nodes.owners(balancer, Nodes.of(endpoints), KEYS);
        endpoints[4] = endpoints[4].withWeight(0.5);
        String[] less = Nodes.owners(balancer, Nodes.of(endpoints), KEYS);
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            assertTrue(before[i].equals(more[i]) || more[i].equals(changed));
            assertTrue(before[i].equals(less[i]) || before[i].equals(changed));
            moved += before[i].equals(more[i]) ? 0 : 1;
        }
        assertTrue(moved > 0);
    }

    @ParameterizedTest
    @MethodSource("exact")
    void keysOfARemovedNodeAreSpreadOverAllOthers(Balancer balancer) {
        NodeSet all = Nodes.equal(10);
        String[] before = Nodes.owners(balancer, all, KEYS);
        String[] after = Nodes.owners(balancer, Nodes.without(all, 3), KEYS);
        int[] heirs = new int[10];
        int total = 0;
        for (int i = 0; i < KEYS; i++) {
            if (!before[i].equals(after[i])) {
                heirs[Integer.parseInt(after[i].replaceAll(".*\\.(\\d+):.*", "$1"))]++;
                total++;
            }
        }
        for (int heir = 0; heir < 10; heir++) {
            double part = heirs[heir] / (total / 9.0);
            assertTrue(heir == 3 ? part == 0 : part > 0.4 && part < 1.8, Arrays.toString(heirs));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 100, 500})
    void maglevMovesAtMostOnePercentOfTheOthersSlots(int count) {
        NodeSet all = Nodes.equal(count);
        for (int removed : removals(count)) {
            int needless = 0;
            MaglevTable before = table(all);
            MaglevTable after = table(Nodes.without(all, removed));
            Members old = Members.weighted(all, Endpoint::id);
            Members now = Members.weighted(Nodes.without(all, removed), Endpoint::id);
            String gone = all.get(removed).endpoint().id();
            for (int slot = 0; slot < before.size(); slot++) {
                String from = old.name(before.memberAt(slot));
                String to = now.name(after.memberAt(slot));
                needless += from.equals(gone) || from.equals(to) ? 0 : 1;
            }
            assertTrue(needless <= before.size() * 0.01, needless + " slots of others moved");
        }
    }

    private static MaglevTable table(NodeSet nodes) {
        return Maglev.table(65_537, Members.weighted(nodes, Endpoint::id));
    }

    private static Set<Long> positions(Ring ring) {
        Set<Long> positions = new HashSet<>();
        IntStream.range(0, ring.size()).forEach(i -> positions.add(ring.position(i)));
        return positions;
    }

    private static Ring envoyRing(NodeSet nodes) {
        return RingBalancer.ring(new EnvoyPoints(1024, 8_388_608), Members.weighted(nodes, Endpoint::id));
    }

    /** Fewer nodes have more points each: a key of another node moves only to a point that there was not before. */
    @ParameterizedTest
    @ValueSource(ints = {3, 10, 100})
    void envoyRingMovesTheKeysThatItsRescaledCountsImply(int count) {
        NodeSet all = Nodes.equal(count);
        NodeSet fewer = Nodes.without(all, count / 2);
        String gone = all.get(count / 2).endpoint().id();
        String[] before = Nodes.owners(ConsistentHash.ringHash(), all, KEYS);
        String[] after = Nodes.owners(ConsistentHash.ringHash(), fewer, KEYS);
        Ring old = envoyRing(all);
        Ring rescaled = envoyRing(fewer);
        Set<Long> added = new TreeSet<>(positions(rescaled));
        added.removeAll(positions(old));
        int needless = 0;
        for (int i = 0; i < KEYS; i++) {
            if (!before[i].equals(gone) && !before[i].equals(after[i])) {
                assertTrue(added.contains(rescaled.position(rescaled.successor(HashKey.of("key-" + i)))));
                needless++;
            }
        }
        double implied = (double) added.size() / rescaled.size();
        assertTrue(needless <= KEYS * (implied + 0.05), needless + " of " + KEYS + ", implied " + implied);
    }

    /** 1000 nodes and 999 have two points each. */
    @ParameterizedTest
    @ValueSource(ints = {0, 500, 999})
    void envoyRingMovesNothingElseWhileItsCountsStay(int removed) {
        NodeSet all = Nodes.equal(1000);
        String gone = all.get(removed).endpoint().id();
        String[] before = Nodes.owners(ConsistentHash.ringHash(), all, KEYS);
        String[] after = Nodes.owners(ConsistentHash.ringHash(), Nodes.without(all, removed), KEYS);
        for (int i = 0; i < KEYS; i++) {
            assertTrue(before[i].equals(gone) || before[i].equals(after[i]));
        }
    }
}
