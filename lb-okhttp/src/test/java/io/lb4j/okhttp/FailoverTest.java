package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One of three endpoints breaks under traffic, in every way: no idempotent call fails. */
@Tag("storm")
@Timeout(120)
class FailoverTest {
    private static final int THREADS = 4;
    private static final Duration READ_TIMEOUT = Duration.ofMillis(500);

    @ParameterizedTest
    @CsvSource({
        "HTTP_1_1, KILL",
        "HTTP_1_1, HANG",
        "HTTP_1_1, HALF_OPEN",
        "HTTP_1_1, RESET",
        "HTTP_1_1, BLACK_HOLE",
        "HTTP_1_1, THROTTLE",
        "HTTP_1_1, DELAY",
        "H2C, KILL",
        "H2C, HANG",
        "H2C, HALF_OPEN",
        "H2C, RESET",
        "H2C, BLACK_HOLE",
        "H2C, THROTTLE",
        "H2C, DELAY",
        "H2_TLS, KILL",
        "H2_TLS, HANG",
        "H2_TLS, HALF_OPEN",
        "H2_TLS, RESET",
        "H2_TLS, BLACK_HOLE",
        "H2_TLS, THROTTLE",
        "H2_TLS, DELAY"
    })
    void noIdempotentCallFails(Wire wire, FaultProxy.Fault fault) throws Exception {
        try (Traffic traffic = new Traffic(wire)) {
            traffic.run(Duration.ofMillis(500));
            int before = traffic.answers.get();
            traffic.proxies.get(0).set(fault);
            traffic.run(Duration.ofMillis(1_500));
            traffic.report(fault.toString());
            assertEquals(List.of(), List.copyOf(traffic.failures));
            assertTrue(traffic.answers.get() > before, "traffic went on");
            assertEquals(0, traffic.inFlight());
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1", "H2C", "H2_TLS"})
    void noIdempotentCallFailsWhenAnEndpointFlaps(Wire wire) throws Exception {
        try (Traffic traffic = new Traffic(wire)) {
            for (int i = 0; i < 8; i++) {
                traffic.proxies.get(0).set(i % 2 == 0 ? FaultProxy.Fault.NONE : FaultProxy.Fault.KILL);
                traffic.run(Duration.ofMillis(300));
            }
            traffic.report("FLAPPING");
            assertEquals(List.of(), List.copyOf(traffic.failures));
            assertEquals(0, traffic.inFlight());
        }
    }

    private static final class Traffic implements AutoCloseable {
        final List<TestServer> servers = new ArrayList<>();
        final List<FaultProxy> proxies = new ArrayList<>();
        final AtomicInteger answers = new AtomicInteger();
        final AtomicInteger retried = new AtomicInteger();
        final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Long> millis = new ConcurrentLinkedQueue<>();
        final Wire wire;
        final LoadBalancer balancer;
        final OkHttpClient client;

        Traffic(Wire wire) {
            this.wire = wire;
            for (int i = 0; i < 3; i++) {
                TestServer server = new TestServer("S" + i, wire);
                servers.add(server);
                proxies.add(new FaultProxy(server.endpoint()));
            }
            balancer = LoadBalancer.builder(
                            Fleet.SERVICE,
                            EndpointSource.of(
                                    proxies.stream().map(FaultProxy::endpoint).toList()),
                            Balancers.roundRobin())
                    .build();
            client = BalancedClient.wrap(
                            wire.client().newBuilder().readTimeout(READ_TIMEOUT).build())
                    .service(Service.of(balancer).withConnectTimeout(Duration.ofMillis(300)))
                    .build();
        }

        void run(Duration time) throws InterruptedException, ExecutionException, TimeoutException {
            long end = System.nanoTime() + time.toNanos();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                done.add(threads.submit(() -> {
                    while (System.nanoTime() - end < 0) {
                        call();
                    }
                }));
            }
            threads.shutdown();
            for (Future<?> each : done) {
                each.get(60, TimeUnit.SECONDS);
            }
        }

        private void call() {
            long start = System.nanoTime();
            Call call = client.newCall(
                    new Request.Builder().url(wire.url(Fleet.SERVICE, "/items")).build());
            try (Response response = call.execute()) {
                String body = response.body().string();
                if (response.code() == 200 && body.startsWith("S")) {
                    answers.incrementAndGet();
                } else {
                    failures.add(response.code() + " " + body);
                }
            } catch (IOException e) {
                failures.add(e + " after " + call.tag(BalancedCall.class));
            }
            retried.addAndGet(call.tag(BalancedCall.class).attempts().size() - 1);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }

        int inFlight() {
            int sum = 0;
            for (Node node : balancer.nodes()) {
                sum += node.inFlight();
            }
            return sum;
        }

        void report(String what) {
            List<Long> sorted = millis.stream().sorted().toList();
            System.out.printf(
                    "failover, %s, %s: %d answered, %d failed, %d retried; p50 %d, p99 %d, slowest %d ms; asked %s; %s%n",
                    wire,
                    what,
                    answers.get(),
                    failures.size(),
                    retried.get(),
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() * 99 / 100),
                    sorted.get(sorted.size() - 1),
                    servers.stream().map(TestServer::hits).toList(),
                    balancer.nodes().get(0));
        }

        @Override
        public void close() {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
            balancer.close();
            proxies.forEach(FaultProxy::close);
            servers.forEach(TestServer::close);
        }
    }
}
