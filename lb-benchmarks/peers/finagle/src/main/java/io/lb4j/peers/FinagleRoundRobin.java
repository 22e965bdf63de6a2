package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code roundRobin}, which counts and measures nothing, so a pick. */
public class FinagleRoundRobin extends Beside.RoundRobin {
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
            services = new FinagleServices(Balancers.roundRobin(), endpoints);
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.services.cycle();
    }
}
