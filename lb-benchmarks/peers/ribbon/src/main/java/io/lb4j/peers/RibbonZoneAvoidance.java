package io.lb4j.peers;

import com.netflix.loadbalancer.Server;
import com.netflix.loadbalancer.ZoneAvoidanceRule;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code ZoneAvoidanceRule}, the default of Spring Cloud Netflix: round robin over servers that two predicates pass. */
public class RibbonZoneAvoidance extends Beside.RoundRobin {
    /** The peer. */
    @State(Scope.Benchmark)
    public static class Peer extends RibbonPicks {
        /** For JMH. */
        public Peer() {
            super(new ZoneAvoidanceRule());
        }
    }

    /** The peer. */
    @Benchmark
    public Server peer(Peer peer) {
        return peer.pick();
    }
}
