package io.lb4j.peers;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.xds.Opened;
import io.lb4j.HashKey;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code ring_hash} with its default sizes, 1,024 to 4,096 points. */
public class GrpcRingHash extends Beside.RingHash {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        private final PickSubchannelArgs[] calls = new PickSubchannelArgs[4096];

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private GrpcPolicy policy;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private SubchannelPicker picker;

        private int next;

        /** Connects; ring_hash does so when a call wants a subchannel. */
        @Setup
        public void setUp() {
            policy = new GrpcPolicy(
                    "ring_hash_experimental", Map.of("minRingSize", 1024.0, "maxRingSize", 4096.0), endpoints);
            for (int i = 0; i < calls.length; i++) {
                calls[i] = GrpcCalls.with(Opened.withHash(HashKey.of(i)));
            }
            boolean ready = false;
            for (int i = 0; i < 100 && !ready; i++) {
                ready = true;
                for (PickSubchannelArgs call : calls) {
                    ready &= policy.picker().pickSubchannel(call).getSubchannel() != null;
                }
            }
            if (!ready) {
                throw new IllegalStateException("not ready: " + policy.picker());
            }
            picker = policy.picker();
        }

        /** A channel hashes a header; the result comes as an option of the call, made beforehand. */
        PickResult pick() {
            int hash = (int) HashKey.of(Load.key(next++));
            return picker.pickSubchannel(calls[hash & (calls.length - 1)]);
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
        return peer.pick();
    }
}
