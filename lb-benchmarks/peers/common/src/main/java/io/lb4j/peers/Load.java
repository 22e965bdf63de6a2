package io.lb4j.peers;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What both sides of a comparison get: the same sizes, weights, requests in flight, keys and latencies. */
public final class Load {
    private static final int COUNT = 4096;
    private static final String[] KEYS =
            IntStream.range(0, COUNT).mapToObj(i -> "user-" + (i * 7919)).toArray(String[]::new);
    private static final long[] LATENCIES = latencies(42);

    private Load() {}

    private static long[] latencies(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] nanos = new long[COUNT];
        for (int i = 0; i < COUNT; i++) {
            nanos[i] = (long) (-Math.log(1 - random.nextDouble()) * 10_000_000) + 1;
        }
        return nanos;
    }

    /**
     * Returns the host of an endpoint.
     *
     * @param endpoint its number
     * @return an address in 10.0.0.0/16
     */
    public static String host(int endpoint) {
        return "10.0." + endpoint / 250 + "." + (endpoint % 250 + 1);
    }

    /**
     * Returns the weight of an endpoint where weights are compared.
     *
     * @param endpoint its number
     * @return 1 to 10
     */
    public static int weight(int endpoint) {
        return 1 + endpoint % 10;
    }

    /**
     * Returns how many requests an endpoint has in flight during picks.
     *
     * @param endpoint its number
     * @return 1 to 5, in an order that no branch predictor learns from the numbers alone
     */
    public static int inFlight(int endpoint) {
        return 1 + (endpoint * 7 + endpoint / 3) % 5;
    }

    /**
     * Returns one of 4,096 keys.
     *
     * @param i any number
     * @return the key, a string of up to 13 characters
     */
    public static String key(int i) {
        return KEYS[i & (COUNT - 1)];
    }

    /**
     * Returns one of 4,096 latencies, drawn beforehand from an exponential distribution with a mean of 10 ms: with the
     * balancer's own latency the branches of a scan would be easier to predict than in life.
     *
     * @param i any number
     * @return nanoseconds, more than 0
     */
    public static long latency(int i) {
        return LATENCIES[i & (COUNT - 1)];
    }
}
