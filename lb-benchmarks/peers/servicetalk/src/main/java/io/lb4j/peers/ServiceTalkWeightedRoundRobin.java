package io.lb4j.peers;

import io.servicetalk.loadbalancer.Hosts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code RoundRobinSelector} with weights. */
public class ServiceTalkWeightedRoundRobin extends Beside.WeightedRoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer {
        /** The number of endpoints. */
        @Param({"10", "100"})
        public int endpoints = 10;

        @SuppressWarnings("NullAway.Init") // JMH calls setUp first
        private Hosts hosts;

        /** Makes the hosts. */
        @Setup
        public void setUp() {
            hosts = Hosts.roundRobin(endpoints, true);
        }
    }

    /** The peer. */
    @Benchmark
    public Object peer(Peer peer) {
        return peer.hosts.select();
    }
}
