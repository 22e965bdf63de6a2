package io.lb4j.peers;

import com.netflix.loadbalancer.BaseLoadBalancer;
import com.netflix.loadbalancer.IRule;
import com.netflix.loadbalancer.LoadBalancerBuilder;
import com.netflix.loadbalancer.Server;
import com.netflix.loadbalancer.ServerStats;
import java.util.stream.IntStream;

/** Ribbon's rules over a fixed list of servers, all alive and in one zone. */
final class RibbonServers {
    private RibbonServers() {}

    static BaseLoadBalancer of(IRule rule, int endpoints) {
        BaseLoadBalancer balancer = LoadBalancerBuilder.<Server>newBuilder()
                .withRule(rule)
                .buildFixedServerListLoadBalancer(IntStream.range(0, endpoints)
                        .mapToObj(RibbonServers::server)
                        .toList());
        for (int i = 0; i < endpoints; i++) {
            Server server = balancer.getAllServers().get(i);
            server.setAlive(true);
            ServerStats stats = balancer.getLoadBalancerStats().getSingleServerStat(server);
            for (int busy = Load.inFlight(i); busy > 0; busy--) {
                stats.incrementActiveRequestsCount();
            }
        }
        return balancer;
    }

    private static Server server(int i) {
        Server server = new Server(Load.host(i), 80);
        server.setAlive(true);
        server.setReadyToServe(true);
        server.setZone("zone");
        return server;
    }
}
