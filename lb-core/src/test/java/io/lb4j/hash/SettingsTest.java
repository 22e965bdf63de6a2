package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Function<Endpoint, @Nullable Integer> NO_FUNCTION = null;
    private static final Balancer NO_BALANCER = null;

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(RuntimeException.class, call).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -7, 0, 1, 2, 4, 65_536, 65_535, 5_000_012, Integer.MAX_VALUE})
    void tableSizeMustBeAPrimeInRange(int size) {
        refused(
                "tableSize: " + size + " (expected: a prime from 3 to 5000011, for instance 65537)",
                () -> ConsistentHash.maglev(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 251, 65_537, 655_373, 5_000_011})
    void tableSizeMayBeAnyPrimeInRange(int size) {
        assertNotNull(ConsistentHash.maglev(size));
    }

    @Test
    void ringSizesMustBeInRangeAndInOrder() {
        refused("minRingSize: 0 (expected: 1 to 8388608)", () -> ConsistentHash.ringHash(0, 10));
        refused("minRingSize: 8388609 (expected: 1 to 8388608)", () -> ConsistentHash.ringHash(8_388_609, 10));
        refused("maxRingSize: 9 (expected: 10 to 8388608)", () -> ConsistentHash.ringHash(10, 9));
        refused("maxRingSize: 8388609 (expected: 10 to 8388608)", () -> ConsistentHash.ringHash(10, 8_388_609));
        assertNotNull(ConsistentHash.ringHash(8_388_608, 8_388_608));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.99, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void boundMustBeAtLeastOne(double factor) {
        refused(
                "factor: " + factor + " (expected: >= 1 and finite, for instance 1.25)",
                () -> ConsistentHash.bounded(ConsistentHash.maglev(), factor));
    }

    @Test
    void nothingMayBeNull() {
        String balancer = "withoutKey: null (expected: a balancer, or leave it out)";
        refused(balancer, () -> ConsistentHash.maglev(7, NO_BALANCER));
        refused(balancer, () -> ConsistentHash.ringHash(1, 2, NO_BALANCER));
        refused(balancer, () -> ConsistentHash.ketama(Ketama.fixed(), NO_BALANCER));
        refused(balancer, () -> ConsistentHash.nginxHash(NO_BALANCER));
        refused(balancer, () -> ConsistentHash.rendezvous(NO_BALANCER));
        refused(balancer, () -> ConsistentHash.jump(endpoint -> 0, NO_BALANCER));
        refused("shard: null (expected: a function, or leave it out)", () -> ConsistentHash.jump(NO_FUNCTION));
        refused("points: null (expected: Ketama.fixed(), for instance)", () -> ConsistentHash.ketama(null));
        refused("base: null (expected: a balancer)", () -> ConsistentHash.bounded(NO_BALANCER));
        refused("name: null (expected: a value)", () -> Ketama.fixed().withPointName(null));
    }
}
