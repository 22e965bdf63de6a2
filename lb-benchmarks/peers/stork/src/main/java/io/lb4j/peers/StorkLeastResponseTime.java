package io.lb4j.peers;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.ServiceInstanceWithStatGathering;
import io.smallrye.stork.loadbalancer.leastresponsetime.LeastResponseTimeConfiguration;
import io.smallrye.stork.loadbalancer.leastresponsetime.LeastResponseTimeLoadBalancer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code least-response-time} with what it measures. */
public class StorkLeastResponseTime extends Beside.LeastResponseTimeCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        private final ServiceInstance[] open = new ServiceInstance[Cycles.OPEN];

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private List<ServiceInstance> instances;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private LoadBalancer balancer;

        private int next;

        /** Makes the balancer and begins the requests. */
        @Setup
        public void setUp() {
            instances = StorkInstances.of(endpoints);
            balancer = new LeastResponseTimeLoadBalancer(new LeastResponseTimeConfiguration());
            for (int i = 0; i < open.length; i++) {
                begin(i);
            }
        }

        private ServiceInstance begin(int at) {
            ServiceInstance fresh = balancer.selectServiceInstance(instances);
            fresh.recordStart(true);
            open[at & (Cycles.OPEN - 1)] = fresh;
            return fresh;
        }

        /** The oldest request ends, a new one begins. */
        @SuppressWarnings("deprecation") // meant for tests: tells a latency instead of measuring it
        ServiceInstance cycle() {
            int at = next++;
            ServiceInstanceWithStatGathering oldest = (ServiceInstanceWithStatGathering) open[at & (Cycles.OPEN - 1)];
            oldest.mockRecordingTime(Load.latency(at));
            oldest.recordEnd(null);
            return begin(at);
        }
    }

    /** The peer. */
    @Benchmark
    public ServiceInstance peer(Peer peer) {
        return peer.cycle();
    }
}
