package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import com.twitter.finagle.util.Rng;
import com.twitter.util.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code p2cPeakEwma}; its latencies are real ones, since it measures them itself. */
public class FinaglePeakEwma extends Beside.LeastResponseTimeCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends FinagleCycles {
        /** For JMH. */
        public Peer() {
            super(Balancers.p2cPeakEwma(Duration.fromSeconds(10), Rng.threadLocal()));
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.cycle();
    }
}
