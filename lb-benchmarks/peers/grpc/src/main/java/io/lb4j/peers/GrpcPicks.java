package io.lb4j.peers;

import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.util.Map;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The peer: the picker of one of gRPC's policies, for calls without a key. */
@State(Scope.Benchmark)
public abstract class GrpcPicks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final String name;
    private final Map<String, ?> config;
    private final PickSubchannelArgs call = GrpcCalls.with(CallOptions.DEFAULT);

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private GrpcPolicy policy;

    @SuppressWarnings("NullAway.Init")
    private SubchannelPicker picker;

    GrpcPicks(String name, Map<String, ?> config) {
        this.name = name;
        this.config = config;
    }

    /** Connects. */
    @Setup
    public void setUp() {
        policy = new GrpcPolicy(name, config, endpoints);
        picker = policy.picker();
        if (pick().getSubchannel() == null) {
            throw new IllegalStateException("not ready: " + picker);
        }
    }

    PickResult pick() {
        return picker.pickSubchannel(call);
    }

    /** Ends it. */
    @TearDown
    public void tearDown() {
        policy.close();
    }
}
