package io.lb4j.examples;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.locality.Localities;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Two regions: the second stands by, or both serve; and what happens when servers of the first one stop. */
public final class Regions {
    private static final int CALLS = 200;

    private static final LocalityPolicy ACTIVE_PASSIVE = Localities.failover("eu", "us");
    private static final LocalityPolicy ACTIVE_ACTIVE = Localities.weighted(Map.of("eu", 70.0, "us", 30.0));

    private final PrintStream out;

    private Regions(PrintStream out) {
        this.out = out;
    }

    /** Shows which region answers. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException, InterruptedException {
        Regions regions = new Regions(out);
        regions.show("active-passive", ACTIVE_PASSIVE);
        regions.show("active-active", ACTIVE_ACTIVE);
    }

    private void show(String name, LocalityPolicy policy) throws IOException, InterruptedException {
        try (LocalServer first = LocalServer.start("eu-1");
                LocalServer second = LocalServer.start("eu-2");
                LocalServer third = LocalServer.start("us-1");
                LocalServer fourth = LocalServer.start("us-2");
                LoadBalancer service = balancer(
                        policy,
                        endpoint("eu-1", first),
                        endpoint("eu-2", second),
                        endpoint("us-1", third),
                        endpoint("us-2", fourth));
                Calls calls = new Calls(service)) {
            out.println(name + ", all well:    " + byRegion(calls.make(CALLS)));
            stop(first, "eu-1", service, calls);
            out.println(name + ", eu-1 stops:  " + byRegion(calls.make(CALLS)));
            stop(second, "eu-2", service, calls);
            out.println(name + ", eu-2 stops:  " + byRegion(calls.make(CALLS)));
        }
    }

    /** No call fails meanwhile: each is tried on another server at once. */
    private static void stop(LocalServer server, String id, LoadBalancer service, Calls calls)
            throws InterruptedException {
        server.stop();
        Node node = service.nodes().find(id);
        while (node != null && !node.isEjected()) {
            calls.make(10);
        }
        service.tick(); // what calls have found out counts for new calls some milliseconds later, or now
    }

    private static LoadBalancer balancer(LocalityPolicy policy, Endpoint... endpoints) {
        return LoadBalancer.builder("stock", EndpointSource.of(endpoints), Balancers.roundRobin())
                .locality(policy)
                .build();
    }

    private static Endpoint endpoint(String id, LocalServer server) {
        return Endpoint.parse(server.address()).withId(id).withZone(region(id));
    }

    private static NavigableMap<String, Integer> byRegion(NavigableMap<String, Integer> answers) {
        NavigableMap<String, Integer> regions = new TreeMap<>();
        answers.forEach((server, count) -> regions.merge(region(server), count, Integer::sum));
        return regions;
    }

    private static String region(String server) {
        return server.substring(0, 2);
    }
}
