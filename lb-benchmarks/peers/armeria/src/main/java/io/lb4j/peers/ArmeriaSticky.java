package io.lb4j.peers;

import com.linecorp.armeria.common.loadbalancer.LoadBalancer;
import io.lb4j.HashKey;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code ofSticky}; the key is hashed as on the other side, since Armeria leaves that to the user. */
public class ArmeriaSticky extends Beside.Maglev {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private LoadBalancer<Integer, String> balancer;

        private int next;

        /** Makes the balancer. */
        @Setup
        public void setUp() {
            List<Integer> all = IntStream.range(0, endpoints).boxed().toList();
            balancer = LoadBalancer.ofSticky(all, (String key) -> HashKey.of(key));
        }
    }

    /** The peer. */
    @Benchmark
    public @Nullable Integer peer(Peer peer) {
        return peer.balancer.pick(Load.key(peer.next++));
    }
}
