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

        private final Channels.Request[] open = new Channels.Request[Cycles.OPEN];

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private Channels channels;

        private int next;

        /** Makes the channels and begins the requests. */
        @Setup
        public void setUp() {
            channels = new Channels(endpoints);
            for (int i = 0; i < open.length; i++) {
                open[i] = channels.begin();
            }
        }

        /** The oldest request ends, a new one begins. */
        Channels.Request cycle() {
            int at = next++ & (Cycles.OPEN - 1);
            open[at].end();
            Channels.Request fresh = channels.begin();
            open[at] = fresh;
            return fresh;
        }
    }

    /** The peer. */
    @Benchmark
    public Channels.Request peer(Peer peer) {
        return peer.cycle();
    }
}
