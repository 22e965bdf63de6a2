package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import scala.util.Random;

/** {@code heap}: the fewest requests in flight. */
public class FinagleHeap extends Beside.LeastRequestsCycle {
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
            services = new FinagleServices(Balancers.heap(new Random()), endpoints);
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.services.cycle();
    }
}
