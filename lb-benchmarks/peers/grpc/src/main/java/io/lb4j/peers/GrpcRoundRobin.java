package io.lb4j.peers;

import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code round_robin}. */
public class GrpcRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private GrpcPolicy policy;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private SubchannelPicker picker;

        private final PickSubchannelArgs call = GrpcCalls.with(CallOptions.DEFAULT);

        /** Connects. */
        @Setup
        public void setUp() {
            policy = new GrpcPolicy("round_robin", Map.of(), endpoints);
            picker = policy.picker();
            if (picker.pickSubchannel(call).getSubchannel() == null) {
                throw new IllegalStateException("not ready: " + picker);
            }
        }

        /** Ends it. */
        @TearDown
        public void tearDown() {
            policy.close();
        }
    }

    /** The peer. */
    @Benchmark
    public PickResult peer(Peer peer) {
        return peer.picker.pickSubchannel(peer.call);
    }
}
