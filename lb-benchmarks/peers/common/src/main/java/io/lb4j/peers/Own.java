package io.lb4j.peers;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.Ticker;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** LB4J in the tests that show what peers do: the same question, asked of one of our algorithms. */
public final class Own {
    private final NodeSet nodes;
    private final Balancer prepared;

    private Own(NodeSet nodes, Balancer algorithm) {
        this.nodes = nodes;
        this.prepared = algorithm.prepare(nodes);
    }

    /**
     * Prepares an algorithm.
     *
     * @param algorithm the algorithm
     * @param first the number of the first endpoint
     * @param end the number after the last endpoint
     * @param weight their weights
     * @return the algorithm over these endpoints
     */
    public static Own of(Balancer algorithm, int first, int end, IntToDoubleFunction weight) {
        return new Own(
                NodeSet.of(
                        Ticker.system(),
                        IntStream.range(first, end)
                                .mapToObj(i -> Endpoint.of(Load.host(i), 80)
                                        .withId(String.valueOf(i))
                                        .withWeight(weight.applyAsDouble(i)))
                                .toArray(Endpoint[]::new)),
                algorithm);
    }

    /**
     * Chooses an endpoint.
     *
     * @param key the key of the request
     * @return its number
     */
    public int choose(String key) {
        return Integer.parseInt(Objects.requireNonNull(prepared.pick(nodes, RequestContext.ofKey(key), 0))
                .endpoint()
                .id());
    }

    /**
     * Counts how often each endpoint is chosen.
     *
     * @param requests how many requests, each with a key of its own
     * @return the counts, by number
     */
    public int[] counts(int requests) {
        int[] counts = new int[nodes.size()];
        for (int i = 0; i < requests; i++) {
            counts[choose("key-" + i)]++;
        }
        return counts;
    }
}
