package io.lb4j.peers;

import com.netflix.loadbalancer.BaseLoadBalancer;
import com.netflix.loadbalancer.BestAvailableRule;
import com.netflix.loadbalancer.Server;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code BestAvailableRule}: the fewest requests in flight. */
public class RibbonBestAvailable extends Beside.LeastRequests {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private BaseLoadBalancer balancer;

        /** Makes the balancer. */
        @Setup
        public void setUp() {
            balancer = RibbonServers.of(new BestAvailableRule(), endpoints);
        }

        /** Ends its timers. */
        @TearDown
        public void tearDown() {
            balancer.shutdown();
        }
    }

    /** The peer. */
    @Benchmark
    public Server peer(Peer peer) {
        return peer.balancer.chooseServer(null);
    }
}
