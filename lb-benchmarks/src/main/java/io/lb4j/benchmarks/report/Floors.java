package io.lb4j.benchmarks.report;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each measurement is shown beside: the operation that nothing of its kind can do without. */
final class Floors {
    static final Key ATOMIC = Key.of("FloorBenchmark.atomicIncrement", 1);
    static final Key RANDOM = Key.of("FloorBenchmark.threadLocalRandom", 1);
    static final Key RANDOM_HASHED = Key.of("FloorBenchmark.threadLocalRandomHashed", 1);
    static final Key CLOCK = Key.of("FloorBenchmark.twoNanoTimes", 1);
    static final Key BINARY_SEARCH = Key.of("HashBenchmark.binarySearch", 1);

    private static final Set<String> CYCLES =
            Set.of("roundRobin", "weightedRoundRobin", "reportedLoad", "heartbeat", "byBusyness");

    private static final Set<String> HASHES =
            Set.of("maglev", "ringHash", "ketama", "nginxHash", "rendezvous", "jump", "boundedMaglev");

    private Floors() {}

    /** The floor of a measurement, in as many threads; null for what is a floor itself. */
    static @Nullable Key of(Key key) {
        Key floor = switch (key.benchmark()) {
            case "PickBenchmark.pick" -> ofPick(String.valueOf(key.param("algorithm")));
            case "LeaseBenchmark.cycle", "UpdateBenchmark.cycle" -> CLOCK;
            case "HashBenchmark.ringLookup" -> BINARY_SEARCH;
            case "HashBenchmark.hash" -> RANDOM;
            case "InterceptorBenchmark.canned", "InterceptorBenchmark.loopback" ->
                key.param("client").equals("plain") ? null : Key.of(key.benchmark(), 1, "client=plain");
            default -> null;
        };
        return floor == null ? null : floor.withThreads(key.threads());
    }

    private static Key ofPick(String algorithm) {
        if (CYCLES.contains(algorithm)) {
            return ATOMIC;
        }
        return HASHES.contains(algorithm) ? RANDOM_HASHED : RANDOM;
    }
}
