package io.lb4j.benchmarks;

import io.lb4j.HashKey;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What no algorithm can beat: the operations it cannot do without. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FloorBenchmark {
    private final Object[] nodes = new Object[10];
    private final AtomicInteger cursor = new AtomicInteger();

    /** Creates the nodes. */
    public FloorBenchmark() {
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new Object();
        }
    }

    /** The floor of round robin. */
    @Benchmark
    public Object atomicIncrement() {
        return nodes[(cursor.getAndIncrement() & Integer.MAX_VALUE) % nodes.length];
    }

    /** The floor of a random pick. */
    @Benchmark
    public Object threadLocalRandom() {
        return nodes[ThreadLocalRandom.current().nextInt(nodes.length)];
    }

    /** The floor of an algorithm that mixes the bits of a key's hash before it picks. */
    @Benchmark
    public Object threadLocalRandomHashed() {
        long hash = HashKey.of(ThreadLocalRandom.current().nextLong());
        return nodes[(int) (((hash >>> 32) * nodes.length) >>> 32)];
    }

    /** The floor of an algorithm that measures time. */
    @Benchmark
    public long twoNanoTimes() {
        long start = System.nanoTime();
        return System.nanoTime() - start;
    }
}
