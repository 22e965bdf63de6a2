package io.lb4j.peers;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import reactor.core.publisher.Mono;

/** The peer: a load balancer of Spring Cloud; it returns a {@code Mono}, for which the caller blocks. */
@State(Scope.Benchmark)
public abstract class SpringPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final Function<SpringInstances, ReactiveLoadBalancer<ServiceInstance>> factory;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private ReactiveLoadBalancer<ServiceInstance> balancer;

    SpringPicks(Function<SpringInstances, ReactiveLoadBalancer<ServiceInstance>> factory) {
        this.factory = factory;
    }

    /** Makes the balancer. */
    @Setup
    public void setUp() {
        balancer = factory.apply(SpringInstances.of(endpoints));
    }

    @Nullable
    Response<ServiceInstance> pick() {
        return Mono.from(balancer.choose()).block();
    }
}
