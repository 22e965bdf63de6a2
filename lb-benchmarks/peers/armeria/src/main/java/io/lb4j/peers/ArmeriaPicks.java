package io.lb4j.peers;

import com.linecorp.armeria.common.loadbalancer.SimpleLoadBalancer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The peer: a load balancer of Armeria over numbers. */
@State(Scope.Benchmark)
public abstract class ArmeriaPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final Function<List<Integer>, SimpleLoadBalancer<Integer>> factory;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private SimpleLoadBalancer<Integer> balancer;

    ArmeriaPicks(Function<List<Integer>, SimpleLoadBalancer<Integer>> factory) {
        this.factory = factory;
    }

    /** Makes the balancer. */
    @Setup
    public void setUp() {
        balancer = factory.apply(IntStream.range(0, endpoints).boxed().toList());
    }

    @Nullable
    Integer pick() {
        return balancer.pick();
    }
}
