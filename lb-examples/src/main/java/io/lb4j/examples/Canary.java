package io.lb4j.examples;

import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.header;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.Answer;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.routing.Keys;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A new version gets copies of the requests, then 5 % of the users, then 20 %: each user stays with a version, and testers choose
 * theirs by a header.
 */
public final class Canary {
    private static final int USERS = 200;
    private static final int MIRRORED = 20;

    private Canary() {}

    /** Shows which version the users get at each step. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException, InterruptedException {
        Semaphore copies = new Semaphore(0);
        Answer counting = uri -> {
            copies.release();
            return 200;
        };
        try (LocalServer stable = LocalServer.start("v1");
                LocalServer canary = LocalServer.start("v2", 4, counting);
                LoadBalancer v1 = balancer("orders", stable);
                LoadBalancer v2 = balancer("orders-v2", canary)) {
            mirror(v1, v2, copies, out);
            OkHttpClient five = client(v1, v2, 5);
            OkHttpClient twenty = client(v1, v2, 20);
            Map<Integer, String> before = versions(five, USERS);
            Map<Integer, String> after = versions(twenty, USERS);
            out.println("at  5 %: " + counts(before));
            out.println("at 20 %: " + counts(after));
            out.println("back from v2 to v1: " + moved(before, after, "v2", "v1"));
            out.println("a tester: " + version(twenty, request(0).header("X-Version", "2")));
            five.connectionPool().evictAll();
            twenty.connectionPool().evictAll();
        }
    }

    /** Nobody gets the answers of the new version yet, and nobody waits for them. */
    private static void mirror(LoadBalancer v1, LoadBalancer v2, Semaphore copies, PrintStream out)
            throws IOException, InterruptedException {
        Router router = Router.builder("orders")
                .otherwise(to("orders").withMirror("orders-v2"))
                .build();
        OkHttpClient client = client(v1, v2, router);
        out.println("mirrored: " + counts(versions(client, MIRRORED)));
        boolean all = copies.tryAcquire(MIRRORED, 10, TimeUnit.SECONDS); // they may still be on their way
        out.println("copies:   " + (all ? "one of each request" : "some are missing"));
        client.dispatcher().executorService().shutdown(); // copies run there
        client.connectionPool().evictAll();
    }

    /** Callers ask for http://orders/ as before; the name of the router may be that of a service. */
    private static OkHttpClient client(LoadBalancer v1, LoadBalancer v2, int percent) {
        Router router = Router.builder("orders")
                .rule("testers", header("X-Version", "2"), to("orders-v2"))
                .rule(
                        "canary",
                        header("X-User"),
                        to("orders", 100 - percent).and("orders-v2", percent).withKey(Keys.header("X-User")))
                .otherwise(to("orders"))
                .build();
        return client(v1, v2, router);
    }

    private static OkHttpClient client(LoadBalancer v1, LoadBalancer v2, Router router) {
        return BalancedClient.wrap(new OkHttpClient())
                .service(v1)
                .service(v2)
                .router(router)
                .build();
    }

    private static LoadBalancer balancer(String name, LocalServer server) {
        return LoadBalancer.builder(name, EndpointSource.of(server.address()), Balancers.leastResponseTime())
                .build();
    }

    private static Request.Builder request(int user) {
        return new Request.Builder().url("http://orders/").header("X-User", "user-" + user);
    }

    private static Map<Integer, String> versions(OkHttpClient client, int users) throws IOException {
        Map<Integer, String> versions = new HashMap<>();
        for (int user = 0; user < users; user++) {
            versions.put(user, version(client, request(user)));
        }
        return versions;
    }

    private static String version(OkHttpClient client, Request.Builder request) throws IOException {
        try (Response response = client.newCall(request.build()).execute()) {
            return response.body().string();
        }
    }

    private static Map<String, Integer> counts(Map<Integer, String> versions) {
        Map<String, Integer> counts = new TreeMap<>();
        versions.values().forEach(version -> counts.merge(version, 1, Integer::sum));
        return counts;
    }

    private static long moved(Map<Integer, String> before, Map<Integer, String> after, String from, String to) {
        return before.keySet().stream()
                .filter(user -> from.equals(before.get(user)) && to.equals(after.get(user)))
                .count();
    }
}
