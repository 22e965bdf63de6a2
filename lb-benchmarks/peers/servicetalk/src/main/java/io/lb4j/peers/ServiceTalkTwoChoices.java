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

        private final Hosts.Request[] open = new Hosts.Request[Cycles.OPEN];

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private Hosts hosts;

        private int next;

        /** Makes the hosts and begins the requests. */
        @Setup
        public void setUp() {
            hosts = Hosts.twoChoices(endpoints);
            for (int i = 0; i < open.length; i++) {
                open[i] = hosts.begin();
            }
        }

        /** The oldest request ends, a new one begins. */
        Hosts.Request cycle() {
            int at = next++;
            open[at & (Cycles.OPEN - 1)].end(Load.latency(at));
            Hosts.Request fresh = hosts.begin();
            open[at & (Cycles.OPEN - 1)] = fresh;
            return fresh;
        }
    }

    /** The peer. */
    @Benchmark
    public Hosts.Request peer(Peer peer) {
        return peer.cycle();
    }
}
