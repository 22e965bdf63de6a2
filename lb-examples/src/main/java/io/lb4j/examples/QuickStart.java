package io.lb4j.examples;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedClient;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The lines of the README, between the markers; a test holds that they are the same. */
public final class QuickStart {
    private QuickStart() {}

    /** Calls two servers of its own. */
    public static void main(String[] args) throws IOException {
        try (LocalServer first = LocalServer.start("first");
                LocalServer second = LocalServer.start("second")) {
            call(EndpointSource.of(first.address(), second.address()));
        }
    }

    static EndpointSource fixed() {
        // README
        EndpointSource servers = EndpointSource.of("10.0.0.1:8080", "10.0.0.2:8080");
        // end
        return servers;
    }

    static void call(EndpointSource servers) throws IOException {
        // README
        LoadBalancer orders = LoadBalancer.builder("orders", servers, Balancers.leastResponseTime())
                .build();
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(orders).build();

        Request request = new Request.Builder().url("http://orders/v1/items").build();
        try (Response response = client.newCall(request).execute()) {
            System.out.println(response.code() + " " + response.body().string());
        }

        orders.close(); // when the application ends
        // end
    }
}
