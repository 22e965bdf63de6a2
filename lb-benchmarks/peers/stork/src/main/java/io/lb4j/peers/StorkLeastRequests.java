package io.lb4j.peers;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.loadbalancer.requests.LeastRequestsLoadBalancer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code least-requests}. */
public class StorkLeastRequests extends Beside.LeastRequests {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private List<ServiceInstance> instances;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private LoadBalancer balancer;

        /** Makes the balancer. */
        @Setup
        public void setUp() {
            instances = StorkInstances.of(endpoints);
            balancer = new LeastRequestsLoadBalancer();
            StorkInstances.occupy(balancer, instances);
        }
    }

    /** The peer. */
    @Benchmark
    public ServiceInstance peer(Peer peer) {
        return peer.balancer.selectServiceInstance(peer.instances);
    }
}
