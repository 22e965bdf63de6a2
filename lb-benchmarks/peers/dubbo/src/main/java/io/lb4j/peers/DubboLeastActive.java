package io.lb4j.peers;

import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.cluster.loadbalance.LeastActiveLoadBalance;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code leastactive}. */
public class DubboLeastActive extends Beside.LeastRequests {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends DubboPicks {
        /** For JMH. */
        public Peer() {
            super(new LeastActiveLoadBalance(), false);
        }
    }

    /** The peer. */
    @Benchmark
    public Invoker<Object> peer(Peer peer) {
        return peer.pick();
    }
}
