package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code POWER_OF_TWO_CHOICES}. */
public class VertxTwoChoices extends Beside.TwoChoices {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends VertxPicks {
        /** For JMH. */
        public Peer() {
            super(LoadBalancer.POWER_OF_TWO_CHOICES);
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.pick();
    }
}
