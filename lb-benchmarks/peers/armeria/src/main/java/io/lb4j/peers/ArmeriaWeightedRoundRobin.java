package io.lb4j.peers;

import com.linecorp.armeria.common.loadbalancer.LoadBalancer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code ofWeightedRoundRobin}. */
public class ArmeriaWeightedRoundRobin extends Beside.WeightedRoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends ArmeriaPicks {
        /** For JMH. */
        public Peer() {
            super(all -> LoadBalancer.ofWeightedRoundRobin(all, Load::weight));
        }
    }

    /** The peer. */
    @Benchmark
    public @Nullable Integer peer(Peer peer) {
        return peer.pick();
    }
}
