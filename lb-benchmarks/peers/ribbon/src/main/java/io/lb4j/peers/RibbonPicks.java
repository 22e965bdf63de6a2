package io.lb4j.peers;

import com.netflix.loadbalancer.BaseLoadBalancer;
import com.netflix.loadbalancer.IRule;
import com.netflix.loadbalancer.Server;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The peer: a rule of Ribbon, over servers that have requests in flight. */
@State(Scope.Benchmark)
public abstract class RibbonPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final IRule rule;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private BaseLoadBalancer balancer;

    RibbonPicks(IRule rule) {
        this.rule = rule;
    }

    /** Makes the balancer. */
    @Setup
    public void setUp() {
        balancer = RibbonServers.of(rule, endpoints);
    }

    /** Ends its timers. */
    @TearDown
    public void tearDown() {
        balancer.shutdown();
    }

    Server pick() {
        return balancer.chooseServer(null);
    }
}
