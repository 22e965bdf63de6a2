package io.lb4j.peers;

import com.palantir.dialogue.core.Channels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code BALANCED}: requests in flight and recent failures; latency is not looked at. */
public class DialogueBalanced extends Beside.LeastRequestsCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private Channels channels;

        /** Makes the channels and begins the requests. */
        @Setup
        public void setUp() {
            channels = new Channels(endpoints);
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) {
        return peer.channels.cycle();
    }
}
