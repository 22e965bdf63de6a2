package io.lb4j.peers;

import com.twitter.finagle.loadbalancer.Balancers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import scala.util.Random;

/** {@code heap}: the fewest requests in flight. */
public class FinagleHeap extends Beside.LeastRequestsCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends FinagleCycles {
        /** For JMH. */
        public Peer() {
            super(Balancers.heap(new Random()));
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) throws Exception {
        return peer.cycle();
    }
}
