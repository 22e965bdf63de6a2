package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code roundRobin}, which counts and measures nothing, so a pick. */
public class FinagleRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends FinagleCycles {
        /** For JMH. */
        public Peer() {
            super(Balancers.roundRobin());
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.cycle();
    }
}
