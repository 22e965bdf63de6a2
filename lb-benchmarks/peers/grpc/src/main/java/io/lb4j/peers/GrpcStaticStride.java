package io.lb4j.peers;

import io.grpc.xds.Opened;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code StaticStrideScheduler}, which weighted_round_robin asks for an index. */
public class GrpcStaticStride extends Beside.WeightedRoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private IntSupplier stride;

        /** Makes the scheduler. */
        @Setup
        public void setUp() {
            float[] weights = new float[endpoints];
            for (int i = 0; i < endpoints; i++) {
                weights[i] = Load.weight(i);
            }
            stride = Opened.staticStride(weights);
        }
    }

    /** The peer. */
    @Benchmark
    public int peer(Peer peer) {
        return peer.stride.getAsInt();
    }
}
