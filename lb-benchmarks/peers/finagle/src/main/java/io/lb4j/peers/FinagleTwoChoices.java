package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import com.twitter.finagle.util.Rng;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code p2c}: the fewer requests in flight. */
public class FinagleTwoChoices extends Beside.TwoChoicesCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends FinagleCycles {
        /** For JMH. */
        public Peer() {
            super(Balancers.p2c(Rng.threadLocal()));
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.cycle();
    }
}
