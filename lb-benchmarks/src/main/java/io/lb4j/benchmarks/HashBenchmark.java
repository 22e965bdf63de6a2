package io.lb4j.benchmarks;

import io.lb4j.Balancer;
import io.lb4j.HashKey;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Ticker;
import io.lb4j.hash.ConsistentHash;
import io.lb4j.hash.HashFunction;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Hash functions, and the look-up of a position on a ring of 160,000 points beside a binary search. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashBenchmark {
    private static final int NODES = 1000;
    private static final int POINTS_PER_NODE = 160;

    /** The keys of one thread. */
    @State(Scope.Thread)
    public static class Random {
        private final Keys keys = new Keys(Thread.currentThread().getId());
    }

    /** A hash function and texts for it. */
    @State(Scope.Benchmark)
    public static class Texts {
        private static final int COUNT = 256;

        /** The function. */
        @Param({"xxHash64", "murmur3x32", "murmur3x128", "crc32", "md5"})
        public String function = "xxHash64";

        /** The length of the texts. */
        @Param({"8", "36", "200"})
        public int length = 36;

        private final String[] texts = new String[COUNT];
        private int next;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private HashFunction hash;

        /** Draws the texts. */
        @Setup
        public void setUp() {
            SplittableRandom random = new SplittableRandom(length);
            Arrays.setAll(
                    texts,
                    i -> random.ints(length, 'a', 'z' + 1)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString());
            hash = switch (function) {
                case "xxHash64" -> HashFunction.xxHash64(0);
                case "murmur3x32" -> HashFunction.murmur3x32(0);
                case "murmur3x128" -> HashFunction.murmur3x128(0);
                case "crc32" -> HashFunction.crc32();
                case "md5" -> HashFunction.md5();
                default -> throw new IllegalArgumentException("function: " + function + " (expected: xxHash64...)");
            };
        }

        private String next() {
            next = (next + 1) & (COUNT - 1);
            return texts[next];
        }
    }

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private NodeSet nodes;

    @SuppressWarnings("NullAway.Init")
    private Balancer ring;

    @SuppressWarnings("NullAway.Init")
    private long[] points;

    @SuppressWarnings("NullAway.Init")
    private int[] owners;

    /** Builds the ring, and another one for the binary search. */
    @Setup
    public void setUp() {
        nodes = NodeSet.of(Ticker.system(), Algorithms.endpoints(NODES, "equal"));
        int size = NODES * POINTS_PER_NODE;
        ring = ConsistentHash.ringHash(size, size).prepare(nodes);
        SplittableRandom random = new SplittableRandom(1);
        points = random.longs(size).sorted().toArray();
        owners = random.ints(size, 0, NODES).toArray();
    }

    /** A pick by ring; rings by ketama and NGINX are the same inside, and differ in how they hash the key. */
    @Benchmark
    public Node ringLookup(Random random) {
        return Objects.requireNonNull(ring.pick(nodes, random.keys, 0));
    }

    /** The same with a binary search. */
    @Benchmark
    public Node binarySearch(Random random) {
        int found = Arrays.binarySearch(points, random.keys.hashKey());
        int at = found >= 0 ? found : -found - 1;
        return nodes.get(owners[at == points.length ? 0 : at]);
    }

    /** One text is hashed. */
    @Benchmark
    public long hash(Texts texts) {
        return texts.hash.hash(texts.next());
    }

    /** A number is mixed. */
    @Benchmark
    public long mix(Random random) {
        return HashKey.of(random.keys.hashKey());
    }
}
