package io.lb4j.peers;

import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.loadbalancer.requests.LeastRequestsLoadBalancer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code least-requests}. */
public class StorkLeastRequests extends Beside.LeastRequests {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends StorkPicks {
        /** For JMH. */
        public Peer() {
            super(new LeastRequestsLoadBalancer());
        }
    }

    /** The peer. */
    @Benchmark
    public ServiceInstance peer(Peer peer) {
        return peer.pick();
    }
}
