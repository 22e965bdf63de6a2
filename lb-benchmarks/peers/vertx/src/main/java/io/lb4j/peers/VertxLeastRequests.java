package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code LEAST_REQUESTS}. */
public class VertxLeastRequests extends Beside.LeastRequests {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends VertxPicks {
        /** For JMH. */
        public Peer() {
            super(LoadBalancer.LEAST_REQUESTS);
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.pick();
    }
}
