package io.lb4j;

/** The fields of {@link PoolAverages}, in a class of their own because that is how the JVM keeps their order. */
abstract class PoolAveragesFields {
    @SuppressWarnings("unused") // keeps neighbours in memory off the cache line
    private double before0, before1, before2, before3, before4, before5, before6, before7;

    /** Opaque access only. */
    double latency;
    /** Opaque access only. */
    double failures;
}
