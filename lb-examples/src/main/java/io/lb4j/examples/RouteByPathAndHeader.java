package io.lb4j.examples;

import static io.lb4j.okhttp.routing.Actions.redirectPrefix;
import static io.lb4j.okhttp.routing.Actions.respond;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.header;
import static io.lb4j.okhttp.routing.Conditions.method;
import static io.lb4j.okhttp.routing.Conditions.path;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static io.lb4j.okhttp.routing.Conditions.pathTemplate;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedCall;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.io.PrintStream;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** One host, "shop", in front of three services: the path, the method and a header say which one answers. */
public final class RouteByPathAndHeader {
    private RouteByPathAndHeader() {}

    /** Makes some calls, and shows which rule each one met. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (LocalServer carts = LocalServer.start("carts");
                LocalServer reports = LocalServer.start("reports");
                LocalServer web = LocalServer.start("web");
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

    private static void show(OkHttpClient client, String path, String tier, PrintStream out) throws IOException {
        Request request = new Request.Builder()
                .url("http://shop" + path)
                .header("X-Tier", tier)
                .build();
        Call call = client.newCall(request);
        try (Response response = call.execute()) {
            BalancedCall decided = call.tag(BalancedCall.class);
            String rule = decided == null ? null : decided.rule();
            out.println(path + " of " + tier + ": " + response.body().string() + ", rule " + rule);
        }
    }
}
