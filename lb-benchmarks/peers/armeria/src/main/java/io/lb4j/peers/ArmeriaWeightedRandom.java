package io.lb4j.peers;

import com.linecorp.armeria.common.loadbalancer.LoadBalancer;
import com.linecorp.armeria.common.loadbalancer.SimpleLoadBalancer;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code ofWeightedRandom}. */
public class ArmeriaWeightedRandom extends Beside.WeightedRandom {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private SimpleLoadBalancer<Integer> balancer;

        /** Makes the balancer. */
        @Setup
        public void setUp() {
            List<Integer> all = IntStream.range(0, endpoints).boxed().toList();
            balancer = LoadBalancer.ofWeightedRandom(all, Load::weight);
        }
    }

    /** The peer. */
    @Benchmark
    public Integer peer(Peer peer) {
        return peer.balancer.pick();
    }
}
