package io.lb4j.peers;

import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.cluster.loadbalance.ShortestResponseLoadBalance;
import org.apache.dubbo.rpc.model.ApplicationModel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code shortestresponse}. */
public class DubboShortestResponse extends Beside.LeastResponseTime {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends DubboPicks {
        /** For JMH. */
        public Peer() {
            super(shortestResponse(), false);
        }

        private static ShortestResponseLoadBalance shortestResponse() {
            ShortestResponseLoadBalance balance = new ShortestResponseLoadBalance();
            balance.setApplicationModel(ApplicationModel.defaultModel());
            return balance;
        }
    }

    /** The peer. */
    @Benchmark
    public Invoker<Object> peer(Peer peer) {
        return peer.pick();
    }
}
