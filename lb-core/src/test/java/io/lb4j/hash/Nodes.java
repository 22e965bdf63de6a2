package io.lb4j.hash;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sets of nodes for tests, and where keys go. */
final class Nodes {
    private Nodes() {}

    static NodeSet of(Endpoint... endpoints) {
        return NodeSet.of(() -> 0, endpoints);
    }

    static Endpoint[] endpoints(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Endpoint.of("10.0." + i / 250 + "." + i % 250, 8080))
                .toArray(Endpoint[]::new);
    }

    static NodeSet equal(int count) {
        return of(endpoints(count));
    }

    static NodeSet weighted(double... weights) {
        Endpoint[] endpoints = endpoints(weights.length);
        Arrays.setAll(endpoints, i -> endpoints[i].withWeight(weights[i]));
        return of(endpoints);
    }

    static NodeSet without(NodeSet nodes, int removed) {
        Node gone = nodes.get(removed);
        return nodes.filter(node -> node != gone);
    }

    static NodeSet shuffled(NodeSet nodes, long seed) {
        List<Endpoint> endpoints = new ArrayList<>();
        nodes.forEach(node -> endpoints.add(node.endpoint()));
        Collections.shuffle(endpoints, new Random(seed));
        return of(endpoints.toArray(Endpoint[]::new));
    }

    static String id(@Nullable Node node) {
        return Objects.requireNonNull(node, "no node was picked").endpoint().id();
    }

    static String owner(Balancer balancer, NodeSet nodes, String key) {
        return id(balancer.prepare(nodes).pick(nodes, RequestContext.ofKey(key), 0));
    }

    static RequestContext excluding(@Nullable String key, Set<Node> excluded) {
        RequestContext request = key == null ? RequestContext.none() : RequestContext.ofKey(key);
        return new RequestContext() {
            @Override
            public @Nullable CharSequence key() {
                return request.key();
            }

            @Override
            public long hashKey() {
                return request.hashKey();
            }

            @Override
            public boolean hasExclusions() {
                return true;
            }

            @Override
            public boolean excludes(Node node) {
                return excluded.contains(node);
            }
        };
    }

    /** The owners of {@code key-0}, {@code key-1}... */
    static String[] owners(Balancer balancer, NodeSet nodes, int keys) {
        Balancer prepared = balancer.prepare(nodes);
        return IntStream.range(0, keys)
                .mapToObj(i -> id(prepared.pick(nodes, RequestContext.ofKey("key-" + i), 0)))
                .toArray(String[]::new);
    }
}
