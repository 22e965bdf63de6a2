package io.grpc.xds;

import io.grpc.CallOptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Opens what is not public in this package. */
public final class Opened {
    private Opened() {}

    /** The scheduler inside of weighted_round_robin. */
    public static IntSupplier staticStride(float[] weights) {
        return new WeightedRoundRobinLoadBalancer.StaticStrideScheduler(weights, new AtomicInteger())::pick;
    }

    /** Where ring_hash finds the hash of a call. */
    public static CallOptions withHash(long hash) {
        return CallOptions.DEFAULT.withOption(XdsNameResolver.RPC_HASH_KEY, hash);
    }
}
