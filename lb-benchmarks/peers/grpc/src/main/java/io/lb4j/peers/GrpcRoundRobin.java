package io.lb4j.peers;

import io.grpc.LoadBalancer.PickResult;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code round_robin}. */
public class GrpcRoundRobin extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends GrpcPicks {
        /** For JMH. */
        public Peer() {
            super("round_robin", Map.of());
        }
    }

    /** The peer. */
    @Benchmark
    public PickResult peer(Peer peer) {
        return peer.pick();
    }
}
