package io.lb4j.peers;

import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.cluster.loadbalance.RoundRobinLoadBalance;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code roundrobin}: smooth and weighted. */
public class DubboRoundRobin extends Beside.WeightedRoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends DubboPicks {
        /** For JMH. */
        public Peer() {
            super(new RoundRobinLoadBalance(), true);
        }
    }

    /** The peer. */
    @Benchmark
    public Invoker<Object> peer(Peer peer) {
        return peer.pick();
    }
}
