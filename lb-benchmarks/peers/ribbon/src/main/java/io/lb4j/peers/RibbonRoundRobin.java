package io.lb4j.peers;

import com.netflix.loadbalancer.RoundRobinRule;
import com.netflix.loadbalancer.Server;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code RoundRobinRule}. */
public class RibbonRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends RibbonPicks {
        /** For JMH. */
        public Peer() {
            super(new RoundRobinRule());
        }
    }

    /** The peer. */
    @Benchmark
    public Server peer(Peer peer) {
        return peer.pick();
    }
}
