package io.lb4j.peers;

import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.cluster.loadbalance.RoundRobinLoadBalance;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code roundrobin}: smooth and weighted. */
public class DubboRoundRobin extends Beside.WeightedRoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private DubboInvokers invokers;

        /** Makes the invokers. */
        @Setup
        public void setUp() {
            invokers = DubboInvokers.of(new RoundRobinLoadBalance(), endpoints, true);
        }
    }

    /** The peer. */
    @Benchmark
    public Invoker<Object> peer(Peer peer) {
        return peer.invokers.select();
    }
}
