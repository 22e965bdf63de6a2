package io.lb4j.simulation;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Independent random streams of one run, one per purpose, so that every policy meets the same arrivals and the same
 * demands.
 */
record Streams(long seed) {
    RandomGenerator arrivals() {
        return stream(1, 0);
    }

    RandomGenerator serviceTimes() {
        return stream(2, 0);
    }

    /** What decides whether an answer is an error. */
    RandomGenerator luck() {
        return stream(3, 0);
    }

    RandomGenerator retries() {
        return stream(4, 0);
    }

    RandomGenerator faults(int server) {
        return stream(5, server);
    }

    RandomGenerator client(int client) {
        return stream(6, client);
    }

    private RandomGenerator stream(long purpose, long index) {
        SplittableRandom root = new SplittableRandom(seed);
        long mixed = root.nextLong() + purpose * 0x9E3779B97F4A7C15L;
        return new SplittableRandom(new SplittableRandom(mixed).nextLong() + index * 0xD1342543DE82EF95L);
    }
}
