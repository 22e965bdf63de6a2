package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two services on the same six servers, with errors, retries and redirects, from eight threads: each answer comes from the
 * endpoint that was chosen, and each server was asked exactly as often as it was chosen.
 */
@Tag("storm")
@Timeout(1800)
class MisroutingStormTest {
    private static final int CALLS = Integer.getInteger("lb4j.storm.calls", 12_000);
    private static final int THREADS = 8;
    private static final List<String> SERVICES = List.of("orders.test", "users.test");

    /** From a random start, the first that the request does not exclude. */
    private static final Balancer RANDOM = (nodes, request, now) -> {
        int start = ThreadLocalRandom.current().nextInt(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get((start + i) % nodes.size());
            if (!request.hasExclusions() || !request.excludes(node)) {
                return node;
            }
        }
        return null;
    };

    @ParameterizedTest
    @EnumSource(Wire.class)
    void noCallGoesToAnotherServerThanTheOneChosen(Wire wire) throws Exception {
        try (Storm storm = new Storm(wire, false)) {
            storm.run(CALLS);
            assertEquals(0, storm.misrouted.sum(), storm::toString);
            assertEquals(storm.chosen(), storm.asked(), storm::toString);
            assertEquals(0, storm.inFlight());
            assertTrue(storm.retried.sum() > CALLS / 20, storm::toString);
            assertTrue(storm.redirected.sum() > CALLS / 10, storm::toString);
            int most = storm.servers.size() * SERVICES.size() * (wire == Wire.HTTP_1_1 ? THREADS : 2);
            assertTrue(storm.client.connectionPool().connectionCount() <= most, storm::toString);
        }
    }

    /** Shows that the storm would find misrouting. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void withoutTheReleaseTheSameStormFindsMisroutedCalls(Wire wire) throws Exception {
        try (Storm storm = new Storm(wire, true)) {
            storm.run(2_000);
            assertTrue(storm.misrouted.sum() > 20, storm::toString);
        }
    }

    private static final class Storm implements AutoCloseable {
        final LongAdder answered = new LongAdder();
        final LongAdder failed = new LongAdder();
        final LongAdder retried = new LongAdder();
        final LongAdder redirected = new LongAdder();
        final LongAdder misrouted = new LongAdder();
        final Map<String, Integer> chosen = new ConcurrentHashMap<>();
        final Map<String, Integer> asked = new ConcurrentHashMap<>();
        final List<TestServer> servers = new ArrayList<>();
        final List<LoadBalancer> balancers = new ArrayList<>();
        final OkHttpClient client;
        final Wire wire;

        Storm(Wire wire, boolean withoutRelease) {
            this.wire = wire;
            for (int i = 0; i < 6; i++) {
                servers.add(server("S" + i, wire, "127.0.0." + (1 + i % 3)));
            }
            List<Endpoint> endpoints =
                    servers.stream().map(TestServer::endpoint).toList();
            BalancedClient.Builder builder = BalancedClient.wrap(wire.client());
            for (String name : SERVICES) {
                LoadBalancer balancer = LoadBalancer.builder(name, EndpointSource.of(endpoints), RANDOM)
                        .healthTracker(node -> (lease, outcome, now, control) -> {})
                        .build();
                balancers.add(balancer);
                builder.service(Service.of(balancer)
                        .withRetries(RetryRule.standard()
                                .withBudget(1, 1000)
                                .withBackOff(java.time.Duration.ZERO, java.time.Duration.ZERO)));
            }
            client = (withoutRelease ? builder.withoutConnectionRelease() : builder).build();
        }

        private TestServer server(String name, Wire wire, String address) {
            AtomicInteger count = new AtomicInteger();
            TestServer server = new TestServer(name, wire, address);
            String id = server.endpoint().id();
            return server.handle(request -> answer(server, id, count.incrementAndGet(), request));
        }

        private MockResponse answer(TestServer server, String id, int count, RecordedRequest request) {
            if (request.getTarget().equals("/final")) {
                redirected.increment();
                return server.answer(200);
            }
            asked.merge(id, 1, Integer::sum);
            if (count % 10 == 3) {
                return server.answer(503);
            } else if (count % 5 == 1) {
                return new MockResponse.Builder()
                        .code(302)
                        .addHeader("Location", "/final")
                        .build();
            }
            return server.answer(200);
        }

        void run(int calls) throws InterruptedException, ExecutionException {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int seed = t;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < calls / THREADS; i++) {
                        call(SERVICES.get((i + seed) % SERVICES.size()));
                    }
                    return null;
                }));
            }
            threads.shutdown();
            for (Future<?> each : done) {
                each.get();
            }
        }

        private void call(String service) throws IOException {
            Call call = client.newCall(
                    new Request.Builder().url(wire.url(service, "/items")).build());
            try (Response response = call.execute()) {
                BalancedCall decisions = call.tag(BalancedCall.class);
                String id = decisions.endpoint().id();
                String expected = servers.stream()
                        .filter(server -> server.endpoint().id().equals(id))
                        .findAny()
                        .orElseThrow()
                        .name();
                boolean right = response.body().string().equals(expected);
                (response.code() == 200 ? answered : failed).increment();
                misrouted.add(right ? 0 : 1);
                retried.add(decisions.attempts().size() - 1);
                decisions
                        .attempts()
                        .forEach(each -> chosen.merge(each.endpoint().id(), 1, Integer::sum));
            }
        }

        Map<String, Integer> chosen() {
            return Map.copyOf(chosen);
        }

        Map<String, Integer> asked() {
            return Map.copyOf(asked);
        }

        int inFlight() {
            int sum = 0;
            for (LoadBalancer balancer : balancers) {
                for (Node node : balancer.nodes()) {
                    sum += node.inFlight();
                }
            }
            return sum;
        }

        @Override
        public String toString() {
            return "%s: answered %s, failed %s, retried %s, redirected %s, MISROUTED %s, connections %d, chosen %s, asked %s"
                    .formatted(
                            wire,
                            answered,
                            failed,
                            retried,
                            redirected,
                            misrouted,
                            client.connectionPool().connectionCount(),
                            chosen,
                            asked);
        }

        @Override
        public void close() {
            System.out.println("misrouting storm, " + this);
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
            balancers.forEach(LoadBalancer::close);
            servers.forEach(TestServer::close);
        }
    }
}
