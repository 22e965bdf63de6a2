package io.lb4j.examples.demo;

import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Something that happens during a run.
 *
 * @param at when, as a part of the run from 0 to 1
 * @param what what it is, in words
 * @param action does it
 */
record Fault(double at, String what, Action action) {

    /** Does it. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Returns the faults of every run, in the order of time. */
    static List<Fault> schedule(Cluster cluster, LoadBalancer balancer) {
        return List.of(
                new Fault(
                        0.15,
                        "failing: the server begins to answer 503 in less than 1 ms",
                        () -> cluster.service(Cluster.FAILING).failing(true)),
                new Fault(
                        0.45,
                        "failing: the server is well again",
                        () -> cluster.service(Cluster.FAILING).failing(false)),
                new Fault(
                        0.50,
                        "restarted: the server stops",
                        () -> cluster.server(Cluster.RESTARTED).stop()),
                new Fault(0.60, "drained: the operator drains it", () -> drain(balancer)),
                new Fault(
                        0.70,
                        "restarted: the server starts again",
                        () -> cluster.server(Cluster.RESTARTED).start()));
    }

    private static void drain(LoadBalancer balancer) {
        var ignored = balancer.drain(Cluster.DRAINED, Duration.ofSeconds(10));
    }
}
