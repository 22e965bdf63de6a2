package io.lb4j.peers;

import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.cluster.loadbalance.ConsistentHashLoadBalance;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code consistenthash}: 160 points per invoker, MD5 of the first argument. */
public class DubboConsistentHash extends Beside.RingHash {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends DubboPicks {
        /** For JMH. */
        public Peer() {
            super(new ConsistentHashLoadBalance(), false);
        }
    }

    /** The peer. */
    @Benchmark
    public Invoker<Object> peer(Peer peer) {
        return peer.pick();
    }
}
