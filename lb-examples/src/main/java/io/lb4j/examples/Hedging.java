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
import java.util.Arrays;
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
        LocalServer[] servers = new LocalServer[SERVERS];
        Endpoint[] endpoints = new Endpoint[SERVERS];
        try {
            for (int i = 0; i < SERVERS; i++) {
                int millis = i == 0 ? 250 : 1;
                servers[i] = LocalServer.start("server", 4, uri -> {
                    requests.incrementAndGet();
                    Thread.sleep(millis);
                    return 200;
                });
                endpoints[i] = Endpoint.parse(servers[i].address()).withId(i == 0 ? "slow" : "quick-" + i);
            }
            measure(EndpointSource.of(endpoints));
        } finally {
            for (LocalServer each : servers) {
                if (each != null) {
                    each.close();
                }
            }
        }
    }

    private void measure(EndpointSource source) throws IOException {
        // Round robin, because leastResponseTime would soon leave the slow server alone.
        try (LoadBalancer stock =
                LoadBalancer.builder("stock", source, Balancers.roundRobin()).build()) {
            Service plain = Service.of(stock);
            Service hedged =
                    plain.withRetries(RetryRule.standard().withHedging(HedgingPolicy.after(Duration.ofMillis(50))));
            BalancedCall ignored = call("without hedging:  ", plain);
            BalancedCall shown = call("with hedging:     ", hedged);
            out.println("one of its calls: " + shown);
        }
    }

    /** Returns what was decided for the last of the calls that was hedged. */
    private BalancedCall call(String name, Service service) throws IOException {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(service).build();
        Call.Factory calls = BalancedClient.callFactory(client); // for Retrofit: builder.callFactory(calls)
        Request request = new Request.Builder().url("http://stock/").build();
        requests.set(0);
        long[] millis = new long[CALLS];
        BalancedCall shown = null;
        for (int i = 0; i < CALLS; i++) {
            long start = System.nanoTime();
            Call call = calls.newCall(request);
            try (Response response = call.execute()) {
                response.body().string();
            }
            millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            BalancedCall decided = call.tag(BalancedCall.class);
            shown = shown == null || decided.attempts().size() > 1 ? decided : shown;
        }
        Arrays.sort(millis);
        out.println(name + "p99 " + millis[CALLS - 2] + " ms, " + requests + " requests");
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        return shown;
    }
}
