package io.lb4j.okhttp;

import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Some services, each on servers of its own that are tried in their order, behind a router for "shop.test". */
final class Shop implements AutoCloseable {
    static final String HOST = "shop.test";
    static final String ORDERS = "orders.test";
    static final String USERS = "users.test";
    static final String NEXT = "next.test";

    private final Wire wire;
    private final Map<String, List<TestServer>> servers = new LinkedHashMap<>();
    private final Map<String, LoadBalancer> balancers = new LinkedHashMap<>();
    private final BalancedClient.Builder builder;
    private OkHttpClient client;

    /** Services "orders.test", "users.test" and so on, with so many servers each; each server says its own name. */
    Shop(Wire wire, int size, String... services) {
        this(wire, size, UnaryOperator.identity(), services);
    }

    Shop(Wire wire, int size, UnaryOperator<OkHttpClient.Builder> change, String... services) {
        this(wire, size, change, RetryRule.standard(), services);
    }

    Shop(Wire wire, int size, UnaryOperator<OkHttpClient.Builder> change, RetryRule retries, String... services) {
        this.wire = wire;
        this.client = change.apply(wire.client().newBuilder()).build();
        this.builder = BalancedClient.wrap(client);
        for (String service : services) {
            List<TestServer> started = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                started.add(new TestServer(size == 1 ? service : service + i, wire));
            }
            servers.put(service, started);
            List<Endpoint> endpoints =
                    started.stream().map(TestServer::endpoint).toList();
            LoadBalancer balancer = LoadBalancer.builder(service, EndpointSource.of(endpoints), Fleet.IN_ORDER)
                    .healthTracker(node -> (lease, outcome, now, control) -> {})
                    .build();
            balancers.put(service, balancer);
            builder.service(Service.of(balancer).withRetries(retries));
        }
    }

    /** Rules for its host. */
    static Router.Builder rules() {
        return Router.builder(HOST);
    }

    /** "/orders" to one service, "/users" to the other. */
    static Router byPath() {
        return rules().rule("orders", pathPrefix("/orders"), to(ORDERS))
                .rule("users", pathPrefix("/users"), to(USERS))
                .build();
    }

    Shop router(RequestRouter router) {
        builder.router(router);
        return this;
    }

    Shop maxMirrored(int most) {
        builder.maxMirrored(most);
        return this;
    }

    Shop start() {
        client = builder.build();
        return this;
    }

    TestServer server(String service) {
        return server(service, 0);
    }

    TestServer server(String service, int i) {
        return Objects.requireNonNull(servers.get(service)).get(i);
    }

    OkHttpClient client() {
        return client;
    }

    String url(String path) {
        return wire.url(HOST, path);
    }

    String url(String host, String path) {
        return wire.url(host, path);
    }

    Request.Builder request(String path) {
        return new Request.Builder().url(url(path));
    }

    Call get(String path) {
        return client.newCall(request(path).build());
    }

    /** Makes a call and reads its answer: "200 orders". */
    String answerTo(Call call) throws IOException {
        try (Response response = call.execute()) {
            return response.code() + " " + response.body().string();
        }
    }

    String answerTo(Request.Builder request) throws IOException {
        return answerTo(client.newCall(request.build()));
    }

    int inFlight() {
        int sum = 0;
        for (LoadBalancer balancer : balancers.values()) {
            for (Node node : balancer.nodes()) {
                sum += node.inFlight();
            }
        }
        return sum;
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        balancers.values().forEach(LoadBalancer::close);
        servers.values().forEach(all -> all.forEach(TestServer::close));
    }
}
