package io.lb4j.examples.demo;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.examples.server.LocalServer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The six servers; the name of each says what will happen to it. */
final class Cluster implements AutoCloseable {
    static final String SLOW = "slow";
    static final String FAILING = "failing";
    static final String RESTARTED = "restarted";
    static final String DRAINED = "drained";
    static final List<String> NAMES = List.of("steady-1", "steady-2", SLOW, FAILING, RESTARTED, DRAINED);

    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, LocalServer> servers = new LinkedHashMap<>();

    private Cluster() {}

    static Cluster start(Scenario scenario) throws IOException {
        Cluster cluster = new Cluster();
        try {
            for (String name : NAMES) {
                cluster.add(name, new Service(name.equals(SLOW) ? scenario.slowness() : 1), scenario.workers());
            }
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private void add(String name, Service service, int workers) throws IOException {
        services.put(name, service);
        servers.put(name, LocalServer.start(name, workers, service));
    }

    Service service(String name) {
        return known(services, name);
    }

    LocalServer server(String name) {
        return known(servers, name);
    }

    private static <T> T known(Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name);
        }
        return found;
    }

    /** Returns the servers as endpoints, each with its name as id. */
    EndpointSource endpoints() {
        return EndpointSource.of(NAMES.stream()
                .map(name -> Endpoint.parse(server(name).address()).withId(name))
                .toList());
    }

    /** Returns the ports the servers listen on. */
    List<Integer> ports() {
        return servers.values().stream().map(LocalServer::port).toList();
    }

    @Override
    public void close() {
        servers.values().forEach(LocalServer::close);
    }
}
