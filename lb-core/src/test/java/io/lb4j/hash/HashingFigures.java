package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Computes the figures of {@code docs/algorithms.md} and prints them as a Markdown table: how evenly keys are
 * spread over equal nodes, and how many keys of other nodes move when one leaves. No test; some minutes.
 */
final class HashingFigures {
    private static final int[] SIZES = {10, 100, 1000};
    private static final int KEYS = 10_000_000;
    private static final int MOVED_KEYS = 1_000_000;
    private static final long SEED = 20_260_101;

    private HashingFigures() {}

    /** A request whose key is the next random number. */
    private static final class RandomKeys implements RequestContext {
        private final SplittableRandom random = new SplittableRandom(SEED);
        private long hash;

        RequestContext next() {
            hash = random.nextLong();
            return this;
        }

        @Override
        public long hashKey() {
            return hash;
        }
    }

    private static Map<String, Balancer> algorithms() {
        Map<String, Balancer> algorithms = new LinkedHashMap<>();
        algorithms.put("`maglev()`, 65537 slots", ConsistentHash.maglev());
        algorithms.put("`maglev(655373)`", ConsistentHash.maglev(655_373));
        algorithms.put("`rendezvous()`", ConsistentHash.rendezvous());
        algorithms.put("`jump()`, last node leaves", ConsistentHash.jump());
        algorithms.put("`ketama()`, 160 points per node", ConsistentHash.ketama());
        algorithms.put("`nginxHash()`, 160 points per node", ConsistentHash.nginxHash());
        algorithms.put("`ringHash()`, Envoy's 1024 to 8 M points", ConsistentHash.ringHash());
        algorithms.put("`ringHash(1048576, 8388608)`", ConsistentHash.ringHash(1_048_576, 8_388_608));
        return algorithms;
    }

    private static int[] owners(Balancer algorithm, NodeSet nodes, NodeSet numbering, int keys) {
        Balancer prepared = algorithm.prepare(nodes);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (int i = 0; i < numbering.size(); i++) {
            numbers.put(numbering.get(i).endpoint().id(), i);
        }
        RandomKeys requests = new RandomKeys();
        int[] owners = new int[keys];
        Arrays.setAll(
                owners, i -> Objects.requireNonNull(numbers.get(Nodes.id(prepared.pick(nodes, requests.next(), 0)))));
        return owners;
    }

    private static String balance(Balancer algorithm, int size) {
        NodeSet nodes = Nodes.equal(size);
        int[] counts = new int[size];
        for (int owner : owners(algorithm, nodes, nodes, KEYS)) {
            counts[owner]++;
        }
        double mean = (double) KEYS / size;
        double most = Arrays.stream(counts).max().orElseThrow() / mean;
        double least = Arrays.stream(counts).min().orElseThrow() / mean;
        return String.format(Locale.ROOT, "%.2f / %.2f", most, least);
    }

    /** Of the keys of all other nodes, mean of the first, the middle and the last leaving. */
    private static String needless(Balancer algorithm, int size, boolean lastOnly) {
        NodeSet all = Nodes.equal(size);
        int[] before = owners(algorithm, all, all, MOVED_KEYS);
        int[] leaving = lastOnly ? new int[] {size - 1} : new int[] {0, size / 2, size - 1};
        long moved = 0;
        long others = 0;
        for (int gone : leaving) {
            int[] after = owners(algorithm, Nodes.without(all, gone), all, MOVED_KEYS);
            for (int i = 0; i < MOVED_KEYS; i++) {
                others += before[i] == gone ? 0 : 1;
                moved += before[i] == gone || before[i] == after[i] ? 0 : 1;
            }
        }
        return moved == 0 ? "0" : String.format(Locale.ROOT, "%.2f %%", 100.0 * moved / others);
    }

    public static void main(String[] args) {
        StringBuilder table = new StringBuilder("| algorithm |");
        Arrays.stream(SIZES).forEach(size -> table.append(" N=").append(size).append(" |"));
        Arrays.stream(SIZES)
                .forEach(size -> table.append(" moved, N=").append(size).append(" |"));
        table.append("\n|---|---|---|---|---|---|---|\n");
        algorithms().forEach((name, algorithm) -> {
            table.append("| ").append(name).append(" |");
            for (int size : SIZES) {
                table.append(' ').append(balance(algorithm, size)).append(" |");
            }
            for (int size : SIZES) {
                table.append(' ')
                        .append(needless(algorithm, size, name.contains("last")))
                        .append(" |");
            }
            table.append('\n');
        });
        System.out.print(table);
    }
}
