package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code consistentHashing} with 160 points per server. */
public class VertxConsistentHash extends Beside.RingHash {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends VertxPicks {
        private int next;

        /** For JMH. */
        public Peer() {
            super(LoadBalancer.consistentHashing(160, LoadBalancer.RANDOM));
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.pickByKey(Load.key(peer.next++));
    }
}
