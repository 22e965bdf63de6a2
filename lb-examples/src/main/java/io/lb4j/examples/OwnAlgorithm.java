package io.lb4j.examples;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.NodeSet;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.concurrent.ThreadLocalRandom;

/** Algorithms of your own: a lambda that picks, or a lambda that says what a node costs. */
public final class OwnAlgorithm {
    /** A whole algorithm: any node will do. */
    static final Balancer ANY =
            (nodes, request, now) -> nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));

    /** A cost: few requests in flight are good, and another zone is as bad as four more of them. */
    static final Cost NEAR_AND_IDLE = (nodes, i, now) -> nodes.get(i).inFlight() + (isNear(nodes, i) ? 0 : 4);

    /** The same selection as in many proxies, by our cost. */
    static final Balancer NEAR_AND_IDLE_OF_TWO = Balancers.powerOfTwoChoices(NEAR_AND_IDLE);

    private static final int CALLS = 300;

    private OwnAlgorithm() {}

    private static boolean isNear(NodeSet nodes, int i) {
        return nodes.get(i).endpoint().zone().equals("here");
    }

    /** Shows who answers how often. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println("any node:             " + answers(ANY));
        System.out.println("near and idle of two: " + answers(NEAR_AND_IDLE_OF_TWO));
    }

    static NavigableMap<String, Integer> answers(Balancer balancer) throws IOException, InterruptedException {
        try (LocalServer near1 = LocalServer.start("near-1");
                LocalServer near2 = LocalServer.start("near-2");
                LocalServer far = LocalServer.start("far");
                LoadBalancer service = LoadBalancer.builder("prices", source(near1, near2, far), balancer)
                        .build();
                Calls calls = new Calls(service)) {
            return calls.make(CALLS);
        }
    }

    private static EndpointSource source(LocalServer near1, LocalServer near2, LocalServer far) {
        return EndpointSource.of(
                Endpoint.parse(near1.address()).withZone("here"),
                Endpoint.parse(near2.address()).withZone("here"),
                Endpoint.parse(far.address()).withZone("there"));
    }
}
