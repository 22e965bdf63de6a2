package io.lb4j.peers;

import io.grpc.LoadBalancer.PickResult;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code least_request}: the better one of two. */
public class GrpcLeastRequest extends Beside.TwoChoices {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends GrpcPicks {
        /** For JMH. */
        public Peer() {
            super("least_request_experimental", Map.of("choiceCount", 2.0));
        }
    }

    /** The peer. */
    @Benchmark
    public PickResult peer(Peer peer) {
        return peer.pick();
    }
}
