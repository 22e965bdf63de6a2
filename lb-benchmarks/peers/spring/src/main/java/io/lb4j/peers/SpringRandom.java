package io.lb4j.peers;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RandomLoadBalancer;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;
import reactor.core.publisher.Mono;

/** {@code RandomLoadBalancer}; returns a {@code Mono}, for which the caller blocks. */
public class SpringRandom extends Beside.Random {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private ReactiveLoadBalancer<ServiceInstance> balancer;

        /** Makes the balancer. */
        @Setup
        public void setUp() {
            balancer = new RandomLoadBalancer(new SimpleObjectProvider<>(SpringInstances.of(endpoints)), "peers");
        }
    }

    /** The peer. */
    @Benchmark
    public @Nullable Response<ServiceInstance> peer(Peer peer) {
        return Mono.from(peer.balancer.choose()).block();
    }
}
