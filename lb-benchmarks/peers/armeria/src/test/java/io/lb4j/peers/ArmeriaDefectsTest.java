package io.lb4j.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.linecorp.armeria.common.loadbalancer.LoadBalancer;
import io.lb4j.HashKey;
import io.lb4j.hash.ConsistentHash;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What docs/peers.md says of Armeria; a test that fails here means that the text is to be changed. */
class ArmeriaDefectsTest {
    private static final int KEYS = 100_000;

    @Test
    void stickyMovesNearlyAllKeysWhenTheFirstOfTenEndpointsLeaves() {
        assertEquals(0.989, moved(ArmeriaDefectsTest::sticky), 0.005);
        assertEquals(0.100, moved(ArmeriaDefectsTest::maglev), 0.01);
    }

    /** The part of the keys that go elsewhere; a tenth of them must. */
    private static double moved(IntFunction<ToIntFunction<String>> from) {
        ToIntFunction<String> before = from.apply(0);
        ToIntFunction<String> after = from.apply(1);
        return IntStream.range(0, KEYS)
                        .mapToObj(i -> "key-" + i)
                        .filter(key -> before.applyAsInt(key) != after.applyAsInt(key))
                        .count()
                / (double) KEYS;
    }

    private static ToIntFunction<String> sticky(int first) {
        List<Integer> all = IntStream.range(first, 10).boxed().toList();
        LoadBalancer<Integer, String> balancer = LoadBalancer.ofSticky(all, (String key) -> HashKey.of(key));
        return balancer::pick;
    }

    private static ToIntFunction<String> maglev(int first) {
        return Own.of(ConsistentHash.maglev(), first, 10, i -> 1)::choose;
    }
}
