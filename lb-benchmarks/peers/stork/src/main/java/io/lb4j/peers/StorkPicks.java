package io.lb4j.peers;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceInstance;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The peer: an algorithm of Stork, over instances that have requests in flight. */
@State(Scope.Benchmark)
public abstract class StorkPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final LoadBalancer balancer;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private List<ServiceInstance> instances;

    StorkPicks(LoadBalancer balancer) {
        this.balancer = balancer;
    }

    /** Makes the instances. */
    @Setup
    public void setUp() {
        instances = StorkInstances.of(endpoints);
        StorkInstances.occupy(balancer, instances);
    }

    ServiceInstance pick() {
        return balancer.selectServiceInstance(instances);
    }
}
