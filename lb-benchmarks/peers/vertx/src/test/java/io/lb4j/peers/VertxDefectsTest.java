package io.lb4j.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import io.lb4j.hash.ConsistentHash;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerSelector;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What docs/peers.md says of Vert.x; a test that fails here means that the text is to be changed. */
class VertxDefectsTest {
    private static final int REQUESTS = 1_000_000;

    @Test
    void roundRobinReturnsNegativeIndexesAfterTwoToThe31Selections() throws Exception {
        ServerSelector selector = VertxServers.selector(LoadBalancer.ROUND_ROBIN, 3);
        cursor(selector).set(Integer.MAX_VALUE - 2);
        int negative = 0;
        for (int i = 0; i < 303; i++) {
            negative += selector.select() < 0 ? 1 : 0;
        }
        assertEquals(200, negative);
    }

    /** The counter that the selector has caught; else one would have to select 2^31 times. */
    private static AtomicInteger cursor(ServerSelector selector) throws IllegalAccessException {
        for (Field field : selector.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            if (field.get(selector) instanceof AtomicInteger found) {
                return found;
            }
        }
        throw new AssertionError("no counter in " + selector);
    }

    @Test
    void consistentHashingGivesOneOfAHundredServersTwentyTimesItsShare() {
        ServerSelector selector = VertxServers.selector(LoadBalancer.consistentHashing(160, LoadBalancer.RANDOM), 100);
        int[] counts = new int[100];
        for (int i = 0; i < REQUESTS; i++) {
            counts[selector.select("key-" + i)]++;
        }
        assertTrue(largestShare(counts) > 20, () -> "share: " + largestShare(counts));
        double ours =
                largestShare(Own.of(ConsistentHash.ringHash(), 0, 100, i -> 1).counts(REQUESTS));
        assertTrue(ours < 2, () -> "share: " + ours);
        double table =
                largestShare(Own.of(ConsistentHash.maglev(), 0, 100, i -> 1).counts(REQUESTS));
        assertTrue(table < 1.1, () -> "share: " + table);
    }

    private static double largestShare(int[] counts) {
        return Arrays.stream(counts).max().orElseThrow() * (double) counts.length / REQUESTS;
    }

    @Test
    void leastRequestsSendsEverythingToTheFirstOfIdleServers() {
        ServerSelector selector =
                LoadBalancer.LEAST_REQUESTS.selector(VertxServers.idle(LoadBalancer.LEAST_REQUESTS, 5));
        for (int i = 0; i < 10_000; i++) {
            assertEquals(0, selector.select());
        }
        int[] ours = Own.of(Balancers.leastRequests(), 0, 5, i -> 1).counts(10_000);
        assertTrue(Arrays.stream(ours).allMatch(count -> count > 1_800 && count < 2_200), () -> Arrays.toString(ours));
    }
}
