package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerSelector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code ROUND_ROBIN}. */
public class VertxRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private ServerSelector selector;

        /** Makes the selector. */
        @Setup
        public void setUp() {
            selector = VertxServers.selector(LoadBalancer.ROUND_ROBIN, endpoints);
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.selector.select();
    }
}
