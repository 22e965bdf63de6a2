package io.lb4j.examples;

import io.lb4j.EndpointSource;
import io.lb4j.HealthTracker;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.Answer;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.RetryRule;
import io.lb4j.okhttp.Service;
import io.lb4j.okhttp.ThrottledException;
import io.lb4j.okhttp.resilience.AdaptiveThrottling;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** How many requests the servers get for 100 calls: one of three down, all overloaded, with a budget, with throttling. */
public final class Retries implements AutoCloseable {
    private static final int CALLS = 100;
    private static final Request REQUEST =
            new Request.Builder().url("http://stock/").build();

    /** At once, so that the example is quick; by default there is a random wait of up to 25 ms, 50 ms and so on. */
    private static final RetryRule STANDARD = RetryRule.standard().withBackOff(Duration.ZERO, Duration.ZERO);

    /** By default 10 retries a second are free as well, which hides the rest in 100 calls. */
    private static final RetryRule ONE_IN_FIVE = STANDARD.withBudget(0.2, 0);

    private static final RetryRule UNLIMITED = STANDARD.withBudget(1, 1_000_000);

    private final AtomicInteger requests = new AtomicInteger();
    /** How many of the three servers answer as they should. */
    private final AtomicInteger well = new AtomicInteger();

    private final LocalServer a = start(1);
    private final LocalServer b = start(2);
    private final LocalServer c = start(3);
    private final PrintStream out;

    private Retries(PrintStream out) throws IOException {
        this.out = out;
    }

    /** Shows the numbers. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (Retries retries = new Retries(out)) {
            retries.well.set(2);
            retries.measure("one of three is down:    ", STANDARD);
            retries.well.set(0);
            retries.measure("all are, no budget:      ", UNLIMITED);
            retries.measure("all are, budget of 20 %: ", ONE_IN_FIVE);
            retries.throttle();
        }
    }

    private LocalServer start(int number) throws IOException {
        Answer answer = uri -> {
            requests.incrementAndGet();
            return number <= well.get() ? 200 : 503;
        };
        return LocalServer.start("server", 4, answer);
    }

    private void measure(String name, RetryRule rule) throws IOException {
        try (LoadBalancer stock = balancer()) {
            show(name, Service.of(stock).withRetries(rule));
        }
    }

    /** Most calls are refused here while the service accepts none: two minutes are remembered. */
    private void throttle() throws IOException {
        try (LoadBalancer stock = balancer()) {
            show(
                    "throttled as well:        ",
                    Service.of(stock).withRetries(ONE_IN_FIVE).withAdmission(AdaptiveThrottling.standard()));
        }
    }

    private LoadBalancer balancer() {
        EndpointSource source = EndpointSource.of(a.address(), b.address(), c.address());
        return LoadBalancer.builder("stock", source, Balancers.roundRobin())
                .healthTracker(HealthTracker.none()) // shows what retries do alone
                .build();
    }

    private void show(String name, Service service) throws IOException {
        OkHttpClient client =
                BalancedClient.wrap(new OkHttpClient()).service(service).build();
        requests.set(0);
        int answered = 0;
        int throttled = 0;
        for (int i = 0; i < CALLS; i++) {
            try (Response response = client.newCall(REQUEST).execute()) {
                answered += response.isSuccessful() ? 1 : 0;
            } catch (ThrottledException e) {
                throttled++;
            }
        }
        client.connectionPool().evictAll();
        out.println(name + " " + answered + " of " + CALLS + " calls answered, " + requests + " requests, " + throttled
                + " refused here");
    }

    @Override
    public void close() {
        a.close();
        b.close();
        c.close();
    }
}
