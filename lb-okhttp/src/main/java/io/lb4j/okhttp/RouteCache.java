package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Interceptor.Chain;

/** The route to each endpoint of one service, made once. Thread-safe. */
final class RouteCache {
    private final LoadBalancer loadBalancer;
    private final ConcurrentHashMap<Node, EndpointRoute> routes = new ConcurrentHashMap<>();

    RouteCache(LoadBalancer loadBalancer) {
        this.loadBalancer = loadBalancer;
    }

    EndpointRoute to(Node node, Chain chain) {
        Endpoint endpoint = node.endpoint();
        EndpointRoute known = routes.get(node);
        if (known != null && known.leadsTo(endpoint, chain)) {
            return known;
        }
        EndpointRoute route = new EndpointRoute(loadBalancer.name(), endpoint, chain);
        forgetRemoved();
        routes.put(node, route);
        return route;
    }

    private void forgetRemoved() {
        NodeSet all = loadBalancer.nodes();
        routes.keySet().removeIf(node -> all.find(node.endpoint().id()) != node);
    }

    int size() {
        return routes.size();
    }
}
