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
    private record Known(EndpointRoute route, EndpointSockets sockets) {}

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

    EndpointRoute to(Node node, Chain chain) {
        retireRemoved();
        Endpoint endpoint = node.endpoint();
        Known known = routes.get(node);
        if (known != null && known.route().leadsTo(endpoint, chain)) {
            return known.route();
        }
        EndpointSockets sockets = known != null && known.sockets().areTo(endpoint.host(), endpoint.port())
                ? known.sockets()
                : new EndpointSockets(endpoint.host(), endpoint.port());
        if (known != null && sockets != known.sockets()) {
            retired.add(new Retired(node, known.sockets()));
        }
        EndpointRoute route = make(endpoint, chain, sockets);
        routes.put(node, new Known(route, sockets));
        return route;
    }

    private EndpointRoute make(Endpoint endpoint, Chain chain, EndpointSockets sockets) {
        return service.isRewritten(endpoint)
                ? new RewritingRoute(service.name(), endpoint, chain, sockets)
                : new PreservingRoute(service.name(), endpoint, chain, sockets);
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
