package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.Interceptor.Chain;
import org.jspecify.annotations.Nullable;

/**
 * The route to each endpoint of one service, made once; when an endpoint has left and nothing is in flight on it, its idle
 * connections are closed by the next call. Thread-safe, without locks.
 */
final class RouteCache {
    /** More hosts than this are not expected; routes to them are made anew each time. */
    private static final int MOST_HOSTS = 64;

    private record Known(EndpointSockets sockets, ConcurrentHashMap<String, EndpointRoute> byHost) {
        boolean leadTo(Endpoint endpoint) {
            return sockets.areTo(endpoint.host(), endpoint.port());
        }
    }

    private record Retired(Node node, EndpointSockets sockets) {
        boolean closedIfIdle() {
            if (node.inFlight() != 0) {
                return false;
            }
            sockets.close();
            return true;
        }
    }

    private final Service service;
    private final ConcurrentHashMap<Node, Known> routes = new ConcurrentHashMap<>();
    private final Queue<Retired> retired = new ConcurrentLinkedQueue<>();
    /** The nodes that {@link #routes} has been compared with last; two threads may do it twice. */
    private volatile @Nullable NodeSet compared;

    RouteCache(Service service) {
        this.service = service;
    }

    /**
     * Returns the route to a node.
     *
     * @param host that of the URL: the name of the service, or what a router is asked by
     */
    EndpointRoute to(Node node, String host, Chain chain) {
        retireRemoved();
        Endpoint endpoint = node.endpoint();
        Known known = known(node, endpoint);
        EndpointRoute route = known.byHost().get(host);
        if (route != null && route.leadsTo(endpoint, chain)) {
            return route;
        }
        EndpointRoute made = make(host, endpoint, chain, known.sockets());
        if (route != null || known.byHost().size() < MOST_HOSTS) {
            known.byHost().put(host, made);
        }
        return made;
    }

    private Known known(Node node, Endpoint endpoint) {
        Known known = routes.get(node);
        return known != null && known.leadTo(endpoint)
                ? known
                : routes.compute(
                        node, (same, before) -> known(same, before, endpoint)); // once, else sockets would be lost
    }

    private Known known(Node node, @Nullable Known before, Endpoint endpoint) {
        if (before != null && before.leadTo(endpoint)) {
            return before;
        } else if (before != null) {
            retired.add(new Retired(node, before.sockets()));
        }
        return new Known(new EndpointSockets(endpoint.host(), endpoint.port()), new ConcurrentHashMap<>(2));
    }

    private EndpointRoute make(String host, Endpoint endpoint, Chain chain, EndpointSockets sockets) {
        return service.isRewritten(endpoint)
                ? new RewritingRoute(host, endpoint, chain, sockets)
                : new PreservingRoute(host, service.name(), endpoint, chain, sockets);
    }

    private void retireRemoved() {
        LoadBalancer loadBalancer = service.loadBalancer();
        NodeSet all = loadBalancer.nodes();
        if (all != compared) {
            compared = all;
            routes.forEach((node, known) -> {
                if (all.find(node.endpoint().id()) != node && routes.remove(node, known)) {
                    retired.add(new Retired(node, known.sockets()));
                }
            });
        }
        if (!retired.isEmpty()) {
            boolean ignored = retired.removeIf(Retired::closedIfIdle);
        }
    }
}
