package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.LoadBalancerFactory;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The peer: a balancer of Finagle, with requests open. */
@State(Scope.Benchmark)
public abstract class FinagleCycles {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final LoadBalancerFactory factory;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private FinagleServices services;

    FinagleCycles(LoadBalancerFactory factory) {
        this.factory = factory;
    }

    /** Makes the services and begins the requests. */
    @Setup
    public void setUp() throws Exception {
        services = new FinagleServices(factory, endpoints);
    }

    Object cycle() throws Exception {
        return services.cycle();
    }
}
