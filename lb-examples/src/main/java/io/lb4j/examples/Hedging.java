package io.lb4j.examples;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedCall;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.HedgingPolicy;
import io.lb4j.okhttp.RetryRule;
import io.lb4j.okhttp.Service;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** One server of five is slow: what that does to the slowest calls, without hedging and with it. */
public final class Hedging {
    private static final int CALLS = 100;
    private static final int SERVERS = 5;
    private static final Request REQUEST =
            new Request.Builder().url("http://stock/").build();

    private final PrintStream out;
    private final AtomicInteger requests = new AtomicInteger();

    private Hedging(PrintStream out) {
        this.out = out;
    }

    /** Shows the 99th percentile of both. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        new Hedging(out).compare();
    }

    private void compare() throws IOException {
        List<LocalServer> servers = new ArrayList<>();
        try {
            servers.add(start(250));
            for (int i = 1; i < SERVERS; i++) {
                servers.add(start(1));
            }
            List<Endpoint> endpoints = new ArrayList<>();
            for (LocalServer each : servers) {
                String id = endpoints.isEmpty() ? "slow" : "quick-" + endpoints.size();
                endpoints.add(Endpoint.parse(each.address()).withId(id));
            }
            measure(EndpointSource.of(endpoints));
        } finally {
            servers.forEach(LocalServer::close);
        }
    }

    private LocalServer start(int millis) throws IOException {
        return LocalServer.start("server", 4, uri -> {
            requests.incrementAndGet();
            Thread.sleep(millis);
            return 200;
        });
    }

    private void measure(EndpointSource source) throws IOException {
        // Round robin, because leastResponseTime would soon leave the slow server alone.
        try (LoadBalancer stock =
                LoadBalancer.builder("stock", source, Balancers.roundRobin()).build()) {
            Service plain = Service.of(stock);
            Service hedged =
                    plain.withRetries(RetryRule.standard().withHedging(HedgingPolicy.after(Duration.ofMillis(50))));
            String ignored = report("without hedging:  ", plain);
            out.println("one of its calls: " + report("with hedging:     ", hedged));
        }
    }

    /** Returns what was decided for a call that was hedged, if any was. */
    private String report(String name, Service service) throws IOException {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(service).build();
        Call.Factory calls = BalancedClient.callFactory(client); // for Retrofit: builder.callFactory(calls)
        requests.set(0);
        long[] millis = new long[CALLS];
        String shown = "none was hedged";
        for (int i = 0; i < CALLS; i++) {
            Call call = calls.newCall(REQUEST);
            millis[i] = millisOf(call);
            BalancedCall decided = call.tag(BalancedCall.class);
            if (decided != null && decided.attempts().size() > 1) {
                shown = decided.toString();
            }
        }
        Arrays.sort(millis);
        out.println(name + "p99 " + millis[CALLS - 2] + " ms, " + requests + " requests");
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        return shown;
    }

    private static long millisOf(Call call) throws IOException {
        long start = System.nanoTime();
        try (Response response = call.execute()) {
            response.body().string();
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
