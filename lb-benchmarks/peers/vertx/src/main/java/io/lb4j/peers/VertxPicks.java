package io.lb4j.peers;

import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerSelector;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The peer: a selector of Vert.x, over servers that have requests in flight. */
@State(Scope.Benchmark)
public abstract class VertxPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final LoadBalancer balancer;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private ServerSelector selector;

    VertxPicks(LoadBalancer balancer) {
        this.balancer = balancer;
    }

    /** Makes the selector. */
    @Setup
    public void setUp() {
        selector = VertxServers.selector(balancer, endpoints);
    }

    int pick() {
        return selector.select();
    }

    int pickByKey(String key) {
        return selector.select(key);
    }
}
