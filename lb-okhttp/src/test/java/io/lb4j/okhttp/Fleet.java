package io.lb4j.okhttp;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.HealthTracker;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Servers A, B, C ... of the service "orders.test", tried in this order, and a client that balances over them. */
final class Fleet implements AutoCloseable {
    static final String SERVICE = "orders.test";

    /** Takes the first node that the request does not exclude. */
    static final Balancer IN_ORDER = (nodes, request, now) -> {
        for (Node node : nodes) {
            if (!request.hasExclusions() || !request.excludes(node)) {
                return node;
            }
        }
        return null;
    };

    private final Wire wire;
    private final List<TestServer> servers = new ArrayList<>();
    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final LoadBalancer loadBalancer;
    private final OkHttpClient client;

    private Fleet(Plan plan) {
        this.wire = plan.wire;
        for (int i = 0; i < plan.size; i++) {
            servers.add(new TestServer(Character.toString('A' + i), wire));
        }
        List<Endpoint> endpoints = servers.stream()
                .map(server -> plan.endpoint.apply(server.endpoint()))
                .toList();
        loadBalancer = plan.balancing
                .apply(LoadBalancer.builder(SERVICE, EndpointSource.of(endpoints), IN_ORDER)
                        .healthTracker(recorder()))
                .build();
        BalancedClient.Builder builder = BalancedClient.wrap(
                        plan.client.apply(wire.client().newBuilder()).build())
                .service(plan.service.apply(Service.of(loadBalancer)));
        client = plan.installing.apply(builder).build();
    }

    /** What a test wants other than usual. */
    static final class Plan {
        private final Wire wire;
        private final int size;
        private UnaryOperator<Endpoint> endpoint = UnaryOperator.identity();
        private UnaryOperator<LoadBalancerBuilder> balancing = UnaryOperator.identity();
        private UnaryOperator<Service> service = UnaryOperator.identity();
        private UnaryOperator<OkHttpClient.Builder> client = UnaryOperator.identity();
        private UnaryOperator<BalancedClient.Builder> installing = UnaryOperator.identity();

        private Plan(Wire wire, int size) {
            this.wire = wire;
            this.size = size;
        }

        Plan endpoint(UnaryOperator<Endpoint> change) {
            endpoint = change;
            return this;
        }

        Plan balancing(UnaryOperator<LoadBalancerBuilder> change) {
            balancing = change;
            return this;
        }

        Plan service(UnaryOperator<Service> change) {
            service = change;
            return this;
        }

        Plan client(UnaryOperator<OkHttpClient.Builder> change) {
            client = change;
            return this;
        }

        Plan installing(UnaryOperator<BalancedClient.Builder> change) {
            installing = change;
            return this;
        }

        Fleet start() {
            return new Fleet(this);
        }
    }

    static Plan of(Wire wire, int size) {
        return new Plan(wire, size);
    }

    private HealthTracker recorder() {
        return node -> (lease, outcome, now, control) -> reports.add(nameOf(node) + " " + outcome);
    }

    private String nameOf(Node node) {
        String id = node.endpoint().id();
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).endpoint().id().equals(id)) {
                return Character.toString('A' + i);
            }
        }
        return id;
    }

    TestServer server(int i) {
        return servers.get(i);
    }

    LoadBalancer loadBalancer() {
        return loadBalancer;
    }

    OkHttpClient client() {
        return client;
    }

    Request.Builder request(String path) {
        return new Request.Builder().url(wire.url(SERVICE, path));
    }

    Call get(String path) {
        return client.newCall(request(path).build());
    }

    /** Makes a call and reads its answer: "200 A". */
    String answerTo(Call call) throws IOException {
        try (Response response = call.execute()) {
            return response.code() + " " + response.body().string();
        }
    }

    /** The status of each attempt and what happened next: "[503 RETRIED, 200 ANSWERED]". */
    static String decisions(Call call) {
        return call.tag(BalancedCall.class).attempts().stream()
                .map(each -> each.status() + " " + each.decision())
                .toList()
                .toString();
    }

    int inFlight() {
        int sum = 0;
        for (Node node : loadBalancer.nodes()) {
            sum += node.inFlight();
        }
        return sum;
    }

    /** What the nodes were told, in order: "A FAILURE". */
    List<String> reports() {
        return List.copyOf(reports);
    }

    /** How often each server was asked: "A 1, B 0". */
    String hits() {
        return servers.stream()
                .map(server -> server.name() + " " + server.hits())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        loadBalancer.close();
        servers.forEach(TestServer::close);
    }
}
