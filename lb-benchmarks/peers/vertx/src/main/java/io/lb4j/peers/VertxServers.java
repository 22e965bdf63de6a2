package io.lb4j.peers;

import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerInteraction;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Vert.x's selectors over servers of ours. */
final class VertxServers {
    private VertxServers() {}

    static ServerSelector selector(LoadBalancer balancer, int endpoints) {
        return balancer.selector(IntStream.range(0, endpoints)
                .mapToObj(i -> new Server(Load.host(i), busy(balancer.newMetrics(), Load.inFlight(i))))
                .toList());
    }

    static List<ServerEndpoint> idle(LoadBalancer balancer, int endpoints) {
        return IntStream.range(0, endpoints)
                .<ServerEndpoint>mapToObj(i -> new Server(Load.host(i), balancer.newMetrics()))
                .toList();
    }

    private static <M> InteractionMetrics<M> busy(InteractionMetrics<M> metrics, int requests) {
        for (int i = 0; i < requests; i++) {
            metrics.reportRequestBegin(metrics.initiateRequest());
        }
        return metrics;
    }

    private record Server(String key, InteractionMetrics<?> metrics) implements ServerEndpoint {
        @Override
        public SocketAddress address() {
            return SocketAddress.inetSocketAddress(80, key);
        }

        @Override
        public @Nullable String protocolId() {
            return null;
        }

        @Override
        public ServerInteraction newInteraction() {
            throw new UnsupportedOperationException("newInteraction: not needed to select");
        }

        @Override
        public Object unwrap() {
            return key;
        }
    }
}
