package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import com.twitter.finagle.util.Rng;
import com.twitter.util.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code p2cPeakEwma}; its latencies are real ones, since it measures them itself. */
public class FinaglePeakEwma extends Beside.LeastResponseTimeCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private FinagleServices services;

        /** Makes the services and begins the requests. */
        @Setup
        public void setUp() throws Exception {
            services =
                    new FinagleServices(Balancers.p2cPeakEwma(Duration.fromSeconds(10), Rng.threadLocal()), endpoints);
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.services.cycle();
    }
}
