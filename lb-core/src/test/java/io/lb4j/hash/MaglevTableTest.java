package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import io.lb4j.HashKey;
import io.lb4j.NodeSet;
import io.lb4j.vectors.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaglevTableTest {
    private static int[] slots(MaglevTable table) {
        return IntStream.range(0, table.size()).map(table::memberAt).toArray();
    }

    private static int[] table(int size, NodeSet nodes) {
        return slots(Maglev.table(size, Members.weighted(nodes, Endpoint::id)));
    }

    private static Endpoint[] ports(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(port -> Endpoint.of("127.0.0.1", port))
                .toArray(Endpoint[]::new);
    }

    @Test
    void fillAgreesWithGoMaglev() {
        Map<String, Object> vectors = Vectors.json("go_maglev.json");
        int size = (int) Vectors.number(vectors.get("M"));
        int[][] permutations = Vectors.list(vectors.get("permutations")).stream()
                .map(Vectors::ints)
                .toArray(int[][]::new);
        assertArrayEquals(Vectors.ints(vectors.get("table")), fill(size, permutations));
        int[] withoutOne = fill(size, new int[][] {permutations[0], permutations[2]});
        int[] expected = Vectors.ints(vectors.get("table_backend1_dead"));
        assertArrayEquals(expected, Arrays.stream(withoutOne).map(i -> i * 2).toArray());
    }

    private static int[] fill(int size, int[][] permutations) {
        int[] offsets = Arrays.stream(permutations).mapToInt(p -> p[0]).toArray();
        int[] skips = Arrays.stream(permutations)
                .mapToInt(p -> Math.floorMod(p[1] - p[0], size))
                .toArray();
        double[] weights = new double[permutations.length];
        Arrays.fill(weights, 1);
        return slots(MaglevTable.fill(size, offsets, skips, weights));
    }

    @Test
    void tablesAreThoseOfEnvoy() {
        Map<String, Object> vectors =
                Vectors.map(Vectors.json("envoy_ring_maglev.json").get("maglev"));
        NodeSet six = Nodes.of(ports(90, 95));
        assertArrayEquals(Vectors.ints(vectors.get("M7_addr_90_95")), table(7, six));
        NodeSet named = Nodes.of(Arrays.stream(ports(90, 95))
                .map(endpoint -> endpoint.withId("" + endpoint.port()))
                .toArray(Endpoint[]::new));
        assertArrayEquals(Vectors.ints(vectors.get("M7_hostname_90_95")), table(7, named));
        Endpoint[] two = ports(90, 91);
        assertArrayEquals(Vectors.ints(vectors.get("M17_equal_2hosts")), table(17, Nodes.of(two)));
        assertArrayEquals(
                Vectors.ints(vectors.get("M17_weights_1_2")), table(17, Nodes.of(two[0], two[1].withWeight(2))));
        assertArrayEquals(
                Vectors.ints(vectors.get("M17_weights_0.8_0.2")),
                table(17, Nodes.of(two[0].withWeight(0.8), two[1].withWeight(0.2))));
    }

    @Test
    void ownersOfKeysAreThoseOfEnvoy() {
        Map<String, Object> vectors =
                Vectors.map(Vectors.json("envoy_ring_maglev.json").get("maglev"));
        NodeSet nodes = Nodes.of(IntStream.rangeClosed(1, 10)
                .mapToObj(i -> Endpoint.of("10.0.0." + i, 8080))
                .toArray(Endpoint[]::new));
        Map<String, Object> owners = Vectors.map(vectors.get("computed_M65537_hosts_10.0.0.1-10:8080_key_to_host"));
        assertTrue(owners.size() >= 100);
        owners.forEach((key, owner) -> assertEquals(owner, Nodes.owner(ConsistentHash.maglev(), nodes, key), key));
    }

    @Test
    void slotsAreInProportionToTheWeights() {
        int[] equal = counts(table(65_537, Nodes.equal(3)), 3);
        assertArrayEquals(
                new int[] {21_845, 21_846, 21_846},
                Arrays.stream(equal).sorted().toArray());
        Endpoint[] two = ports(90, 91);
        assertArrayEquals(new int[] {21_846, 43_691}, counts(table(65_537, Nodes.of(two[0], two[1].withWeight(2))), 2));
    }

    @Test
    void oneHeavyHostAmongAThousandGetsItsPart() {
        Endpoint[] endpoints = Nodes.endpoints(1000);
        endpoints[500] = endpoints[500].withWeight(999);
        int[] counts = counts(table(65_537, Nodes.of(endpoints)), 1000);
        int most = Arrays.stream(counts).max().orElseThrow();
        assertEquals(65_537 / 2.0, most, 65_537 * 0.01);
        assertTrue(Arrays.stream(counts).min().orElseThrow() >= 32);
    }

    private static int[] counts(int[] slots, int members) {
        int[] counts = new int[members];
        Arrays.stream(slots).forEach(member -> counts[member]++);
        return counts;
    }

    /** The loop of the Envoy sources, in which every member is asked in every round. */
    private static int[] roundByRound(int size, int[] offsets, int[] skips, double[] weights) {
        double most = Arrays.stream(weights).max().orElseThrow();
        double[] targets = new double[weights.length];
        long[] next = new long[weights.length];
        int[] slots = new int[size];
        Arrays.fill(slots, -1);
        int filled = 0;
        for (long round = 1; filled < size; round++) {
            for (int i = 0; i < weights.length && filled < size; i++) {
                if (round * weights[i] >= targets[i]) {
                    targets[i] += most;
                    int slot;
                    do {
                        slot = (int) ((offsets[i] + next[i]++ * skips[i]) % size);
                    } while (slots[slot] >= 0);
                    slots[slot] = i;
                    filled++;
                }
            }
        }
        return slots;
    }

    @Test
    void turnsAreThoseOfEnvoysRounds() {
        Random random = new Random(1);
        for (int run = 0; run < 200; run++) {
            int size = List.of(7, 251, 1021, 4099).get(run % 4);
            int members = 1 + random.nextInt(20);
            double spread = Math.pow(10, random.nextInt(7));
            int[] offsets = random.ints(members, 0, size).toArray();
            int[] skips = random.ints(members, 1, size).toArray();
            double[] weights = random.doubles(members, 1, 1 + spread).toArray();
            assertArrayEquals(
                    roundByRound(size, offsets, skips, weights),
                    slots(MaglevTable.fill(size, offsets, skips, weights)),
                    "run " + run);
        }
    }

    @Test
    void slotIsTheUnsignedRemainderOfTheHash() {
        for (int size : new int[] {3, 7, 65_537, 5_000_011}) {
            MaglevTable table = MaglevTable.fill(size, new int[] {0}, new int[] {1}, new double[] {1});
            for (long hash : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, size, -size}) {
                assertEquals(Long.remainderUnsigned(hash, size), table.slot(hash));
            }
            for (long i = 0; i < 10_000; i++) {
                long hash = HashKey.of(i);
                assertEquals(Long.remainderUnsigned(hash, size), table.slot(hash));
            }
            for (long quotient = -1000; quotient < 0; quotient++) { // just below and above multiples, near 2^64
                long multiple = Long.divideUnsigned(quotient, size) * size;
                assertEquals(0, table.slot(multiple));
                assertEquals(size - 1, table.slot(multiple - 1));
            }
        }
    }
}
