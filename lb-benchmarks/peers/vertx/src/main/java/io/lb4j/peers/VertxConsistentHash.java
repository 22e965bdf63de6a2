package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerSelector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code consistentHashing} with 160 points per server. */
public class VertxConsistentHash extends Beside.RingHash {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private ServerSelector selector;

        private int next;

        /** Makes the selector. */
        @Setup
        public void setUp() {
            selector = VertxServers.selector(LoadBalancer.consistentHashing(160, LoadBalancer.RANDOM), endpoints);
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.selector.select(Load.key(peer.next++));
    }
}
