package io.lb4j.peers;

import com.netflix.loadbalancer.BestAvailableRule;
import com.netflix.loadbalancer.Server;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code BestAvailableRule}: the fewest requests in flight. */
public class RibbonBestAvailable extends Beside.LeastRequests {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends RibbonPicks {
        /** For JMH. */
        public Peer() {
            super(new BestAvailableRule());
        }
    }

    /** The peer. */
    @Benchmark
    public Server peer(Peer peer) {
        return peer.pick();
    }
}
