package io.lb4j.peers;

import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.cluster.LoadBalance;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The peer: a load balance of Dubbo, over invokers that have requests in flight. */
@State(Scope.Benchmark)
public abstract class DubboPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final LoadBalance balance;
    private final boolean weighted;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private DubboInvokers invokers;

    DubboPicks(LoadBalance balance, boolean weighted) {
        this.balance = balance;
        this.weighted = weighted;
    }

    /** Makes the invokers. */
    @Setup
    public void setUp() {
        invokers = DubboInvokers.of(balance, endpoints, weighted);
    }

    Invoker<Object> pick() {
        return invokers.select();
    }
}
