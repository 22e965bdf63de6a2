package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators do, and what becomes of connections. */
@Tag("socket")
@Timeout(60)
class OperatorTest {
    private static Call to(Fleet fleet, String id) {
        return fleet.client()
                .newCall(fleet.request("/")
                        .tag(EndpointOverride.class, EndpointOverride.to(id))
                        .build());
    }

    // ------------------------------------------------------------------------------------------ EndpointOverride

    @Test
    void overriddenCallGoesToItsEndpointEvenIfThatIsDisabled() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 3).start()) {
            String id = fleet.server(2).endpoint().id();
            fleet.loadBalancer().disable(id);
            assertEquals("200 C", fleet.answerTo(to(fleet, id)));
            assertEquals(List.of("C SUCCESS"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void overriddenCallIsNotRetriedElsewhere() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 3).start()) {
            fleet.server(1).alwaysAnswer(503);
            Call call = to(fleet, fleet.server(1).endpoint().id());
            assertEquals("503 B", fleet.answerTo(call));
            assertEquals(
                    RetryDecision.OVERRIDDEN,
                    call.tag(BalancedCall.class).attempts().get(0).decision());
        }
    }

    @Test
    void overrideToAnUnknownEndpointSaysWhichThereAre() {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            IOException failure =
                    assertThrows(IOException.class, () -> to(fleet, "nowhere:1").execute());
            assertTrue(failure.getMessage().contains("\"nowhere:1\" (expected: one of "), failure.getMessage());
            assertTrue(failure.getMessage().contains(fleet.server(0).endpoint().id()), failure.getMessage());
        }
    }

    // ------------------------------------------------------------------------------------------ connections

    @ParameterizedTest
    @EnumSource(Wire.class)
    void idleConnectionsOfARemovedEndpointAreClosedByTheNextCall(Wire wire) throws IOException {
        try (TestServer a = new TestServer("A", wire);
                TestServer b = new TestServer("B", wire)) {
            MutableEndpointSource source = MutableEndpointSource.of(a.endpoint(), b.endpoint());
            try (LoadBalancer balancer = LoadBalancer.builder(Fleet.SERVICE, source, Fleet.IN_ORDER)
                    .grace(Duration.ZERO)
                    .build()) {
                OkHttpClient client =
                        BalancedClient.wrap(wire.client()).service(balancer).build();
                Request request =
                        new Request.Builder().url(wire.url(Fleet.SERVICE, "/")).build();
                client.newCall(request).execute().close();
                assertEquals(1, a.connections());
                source.set(b.endpoint());
                Eventually.equal(1, () -> balancer.nodes().size());
                client.newCall(request).execute().close();
                Eventually.equal(0, a::connections);
                assertEquals(1, b.connections());
                assertEquals(1, b.hits());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void connectionInUseOnARemovedEndpointIsNotClosed(Wire wire) throws IOException {
        try (TestServer a = new TestServer("A", wire);
                TestServer b = new TestServer("B", wire)) {
            a.handle(request ->
                    new MockResponse.Builder().body("x".repeat(1 << 20)).build());
            MutableEndpointSource source = MutableEndpointSource.of(a.endpoint(), b.endpoint());
            try (LoadBalancer balancer = LoadBalancer.builder(Fleet.SERVICE, source, Fleet.IN_ORDER)
                    .grace(Duration.ZERO)
                    .build()) {
                OkHttpClient client =
                        BalancedClient.wrap(wire.client()).service(balancer).build();
                Request request =
                        new Request.Builder().url(wire.url(Fleet.SERVICE, "/")).build();
                try (Response large = client.newCall(request).execute()) {
                    source.set(b.endpoint());
                    Eventually.equal(1, () -> balancer.nodes().size());
                    client.newCall(request).execute().close();
                    assertEquals(1 << 20, large.body().bytes().length);
                }
                client.newCall(request).execute().close();
                Eventually.equal(0, a::connections);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void newWeightOfAnEndpointClosesNoConnection(Wire wire) throws IOException {
        try (TestServer a = new TestServer("A", wire)) {
            MutableEndpointSource source = MutableEndpointSource.of(a.endpoint());
            try (LoadBalancer balancer =
                    LoadBalancer.builder(Fleet.SERVICE, source, Fleet.IN_ORDER).build()) {
                OkHttpClient client =
                        BalancedClient.wrap(wire.client()).service(balancer).build();
                Request request =
                        new Request.Builder().url(wire.url(Fleet.SERVICE, "/")).build();
                for (int weight = 1; weight <= 5; weight++) {
                    double expected = weight;
                    source.set(a.endpoint().withWeight(weight));
                    Eventually.equal(
                            expected, () -> balancer.nodes().get(0).endpoint().weight());
                    client.newCall(request).execute().close();
                }
                assertEquals(1, a.connectionsEver());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void connectionServesNoRequestAfterItsAge(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .installing(builder -> builder.connectionMaxAge(Duration.ofNanos(1)))
                .start()) {
            for (int i = 0; i < 6; i++) {
                assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            }
            assertEquals(3, fleet.server(0).connectionsEver()); // one request when it is new, one when it is too old
        }
    }

    @Test
    void allCallsToOneServiceMayRunAtOnce() throws InterruptedException {
        int calls = 20;
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            AtomicInteger running = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(calls);
            CountDownLatch ended = new CountDownLatch(calls);
            fleet.server(0).handle(request -> {
                running.incrementAndGet();
                all.countDown();
                all.await();
                return fleet.server(0).answer(200);
            });
            for (int i = 0; i < calls; i++) {
                fleet.get("/").enqueue(new Callback() {
                    @Override
                    public void onFailure(Call call, IOException e) {}

                    @Override
                    public void onResponse(Call call, Response response) {
                        response.close();
                        ended.countDown();
                    }
                });
            }
            ended.await();
            assertEquals(calls, running.get());
            assertEquals(0, fleet.inFlight());
        }
    }
}
