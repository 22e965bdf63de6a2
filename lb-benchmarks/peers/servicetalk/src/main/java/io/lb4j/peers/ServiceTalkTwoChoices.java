package io.lb4j.peers;

import io.servicetalk.loadbalancer.Hosts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code P2CSelector} by the peak EWMA of {@code DefaultRequestTracker}, and what it measures. */
public class ServiceTalkTwoChoices extends Beside.LeastResponseTimeCycle {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private Hosts hosts;

        private int next;

        /** Makes the hosts and begins the requests. */
        @Setup
        public void setUp() {
            hosts = Hosts.twoChoices(endpoints);
            hosts.fill();
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) {
        return peer.hosts.cycle(Load.latency(peer.next++));
    }
}
