package io.lb4j.examples;

import static io.lb4j.okhttp.routing.Actions.redirectPrefix;
import static io.lb4j.okhttp.routing.Actions.respond;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.header;
import static io.lb4j.okhttp.routing.Conditions.method;
import static io.lb4j.okhttp.routing.Conditions.path;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static io.lb4j.okhttp.routing.Conditions.pathTemplate;

import com.sun.net.httpserver.HttpExchange;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedCall;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * One host, "shop", in front of three services: the path, the method and a header say which one answers. Where a service
 * redirects to another, that one is balanced too.
 */
public final class RouteByPathAndHeader {
    private RouteByPathAndHeader() {}

    /** Makes some calls, and shows which rule each one met. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (LocalServer carts = LocalServer.start("carts");
                LocalServer reports = LocalServer.start("reports");
                LocalServer web = LocalServer.start("web", RouteByPathAndHeader::web);
                LoadBalancer cartService = balancer("carts", carts);
                LoadBalancer reportService = balancer("reports", reports);
                LoadBalancer webService = balancer("web", web)) {
            OkHttpClient client = BalancedClient.wrap(new OkHttpClient())
                    .service(cartService)
                    .service(reportService)
                    .service(webService)
                    .router(shop())
                    .build();
            show(client, "/cart/7", "gold", out);
            show(client, "/basket/7", "gold", out);
            show(client, "/users/42/report", "gold", out);
            show(client, "/users/42/report", "free", out);
            show(client, "/cartoons", "free", out);
            show(client, "/ping", "free", out);
            show(client, "/checkout", "free", out);
            client.connectionPool().evictAll();
        }
    }

    private static Router shop() {
        return Router.builder("shop")
                .rule("ping", path("/ping"), respond(200, "text/plain", "pong"))
                .rule("renamed", pathPrefix("/basket"), redirectPrefix(308, "/basket", "/cart"))
                .rule("carts", pathPrefix("/cart"), to("carts").withPathPrefix("/cart", "/v2/carts"))
                .rule(
                        "reports",
                        pathTemplate("/users/{id:[0-9]+}/report")
                                .and(method("GET"))
                                .and(header("X-Tier", "gold")),
                        to("reports").withHeader("X-Via", "shop"))
                .otherwise(to("web"))
                .build();
    }

    private static LoadBalancer balancer(String name, LocalServer server) {
        return LoadBalancer.builder(name, EndpointSource.of(server.address()), Balancers.leastResponseTime())
                .build();
    }

    /** Sends those who check out to another service, by the name that callers know it by. */
    private static void web(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().equals("/checkout")) {
                exchange.getResponseHeaders().set("Location", "http://carts/v2/carts/7");
                exchange.sendResponseHeaders(302, -1);
            } else {
                byte[] name = "web".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, name.length);
                exchange.getResponseBody().write(name);
            }
        }
    }

    private static void show(OkHttpClient client, String path, String tier, PrintStream out) throws IOException {
        Request request = new Request.Builder()
                .url("http://shop" + path)
                .header("X-Tier", tier)
                .build();
        Call call = client.newCall(request);
        try (Response response = call.execute()) {
            BalancedCall decided = call.tag(BalancedCall.class);
            String rule = decided == null ? null : decided.rule();
            Response before = response.priorResponse();
            String from = before == null
                    ? ""
                    : ", redirected from " + before.request().url();
            out.println(path + " of " + tier + ": " + response.body().string() + ", rule " + rule + from);
        }
    }
}
