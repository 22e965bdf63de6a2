package io.lb4j.peers;

import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.RoundRobinLoadBalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code round-robin}. */
public class StorkRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends StorkPicks {
        /** For JMH. */
        public Peer() {
            super(new RoundRobinLoadBalancer());
        }
    }

    /** The peer. */
    @Benchmark
    public ServiceInstance peer(Peer peer) {
        return peer.pick();
    }
}
