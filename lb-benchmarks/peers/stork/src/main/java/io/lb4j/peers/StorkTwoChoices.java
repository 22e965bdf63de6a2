package io.lb4j.peers;

import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.loadbalancer.poweroftwochoices.OpenedTwoChoices;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code power-of-two-choices}. */
public class StorkTwoChoices extends Beside.TwoChoices {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends StorkPicks {
        /** For JMH. */
        public Peer() {
            super(new OpenedTwoChoices());
        }
    }

    /** The peer. */
    @Benchmark
    public ServiceInstance peer(Peer peer) {
        return peer.pick();
    }
}
