package io.lb4j.peers;

import io.lb4j.HashKey;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The operations that no algorithm of a kind can do without. */
public final class Floors {
    private Floors() {}

    private static Object[] nodes() {
        Object[] nodes = new Object[10];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new Object();
        }
        return nodes;
    }

    /** The floor of what goes round. */
    @State(Scope.Benchmark)
    public static class Cursor {
        private final Object[] nodes = nodes();
        private final AtomicInteger cursor = new AtomicInteger();

        Object next() {
            return nodes[(cursor.getAndIncrement() & Integer.MAX_VALUE) % nodes.length];
        }
    }

    /** The floor of what draws at random. */
    @State(Scope.Benchmark)
    public static class Chance {
        private final Object[] nodes = nodes();

        Object next() {
            return nodes[ThreadLocalRandom.current().nextInt(nodes.length)];
        }
    }

    /** The floor of what hashes a key. */
    @State(Scope.Benchmark)
    public static class Hash {
        private final Object[] nodes = nodes();
        /** Confined to the one thread of the benchmark. */
        private int next;

        Object next() {
            return nodes[(int) ((HashKey.of(Load.key(next++)) >>> 33) % nodes.length)];
        }
    }

    /** The floor of what measures time. */
    @State(Scope.Benchmark)
    public static class Clock {
        long twice() {
            long start = System.nanoTime();
            return System.nanoTime() - start;
        }
    }
}
