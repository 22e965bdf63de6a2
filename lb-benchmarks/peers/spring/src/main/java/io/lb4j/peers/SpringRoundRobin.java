package io.lb4j.peers;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;

/** {@code RoundRobinLoadBalancer}; returns a {@code Mono}, for which the caller blocks. */
public class SpringRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends SpringPicks {
        /** For JMH. */
        public Peer() {
            super(all -> new RoundRobinLoadBalancer(new SimpleObjectProvider<>(all), "peers"));
        }
    }

    /** The peer. */
    @Benchmark
    public @Nullable Response<ServiceInstance> peer(Peer peer) {
        return peer.pick();
    }
}
