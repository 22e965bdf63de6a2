package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code ROUND_ROBIN}. */
public class VertxRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends VertxPicks {
        /** For JMH. */
        public Peer() {
            super(LoadBalancer.ROUND_ROBIN);
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.pick();
    }
}
