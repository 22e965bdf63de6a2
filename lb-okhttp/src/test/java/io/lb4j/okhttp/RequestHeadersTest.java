package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service adds to requests and responses, besides what a gateway tells. */
@Tag("socket")
@Timeout(60)
class RequestHeadersTest {
    // ------------------------------------------------------------------------------------------ ids and numbers

    private static List<String> received(Fleet fleet, int server, String header) throws InterruptedException {
        List<String> values = new ArrayList<>();
        for (int left = fleet.server(server).hits(); left > 0; left--) {
            values.add(fleet.server(server)
                    .mock()
                    .takeRequest(20, TimeUnit.SECONDS)
                    .getHeaders()
                    .get(header));
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void allAttemptsHaveOneIdAndEachItsNumber(Wire wire) throws Exception {
        RequestHeaders headers =
                RequestHeaders.none().withRequestId("X-Request-Id").withAttemptNumber("x-envoy-attempt-count");
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRequestHeaders(headers))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            String shown;
            try (Response response = fleet.client()
                    .newCall(fleet.request("/")
                            .header("X-Envoy-Attempt-Count", "9")
                            .build())
                    .execute()) {
                shown = response.request().header("X-Request-Id");
                assertEquals("B", response.body().string());
            }
            assertEquals(shown, UUID.fromString(shown).toString());
            Headers ofA = fleet.server(0).mock().takeRequest().getHeaders();
            Headers ofB = fleet.server(1).mock().takeRequest().getHeaders();
            assertEquals(List.of(shown), ofA.values("X-Request-Id"));
            assertEquals(List.of(shown), ofB.values("X-Request-Id"));
            assertEquals(List.of("1"), ofA.values("X-Envoy-Attempt-Count"));
            assertEquals(List.of("2"), ofB.values("X-Envoy-Attempt-Count"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aHedgeHasTheIdOfItsCallAndTheNextNumber(Wire wire) throws Exception {
        RequestHeaders headers =
                RequestHeaders.none().withRequestId("X-Request-Id").withAttemptNumber("X-Attempt");
        RetryRule hedging = RetryRule.standard().withHedging(HedgingPolicy.after(Duration.ofMillis(100)));
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRequestHeaders(headers).withRetries(hedging))
                .start()) {
            fleet.server(0).answerAfter(Duration.ofHours(1));
            Call call = BalancedClient.callFactory(fleet.client())
                    .newCall(fleet.request("/").build());
            assertEquals("200 B", fleet.answerTo(call));
            String id = call.tag(BalancedCall.class).requestId();
            assertEquals(List.of(id), received(fleet, 0, "X-Request-Id"));
            Headers ofB = fleet.server(1).mock().takeRequest().getHeaders();
            assertEquals(id, ofB.get("X-Request-Id"));
            assertEquals("2", ofB.get("X-Attempt"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anIdThatIsThereIsKeptAndOthersAreNew(Wire wire) throws Exception {
        try (Fleet fleet = Fleet.of(wire, 1)
                .service(service ->
                        service.withRequestHeaders(RequestHeaders.none().withRequestId("X-Request-Id")))
                .start()) {
            fleet.answerTo(fleet.client()
                    .newCall(fleet.request("/").header("x-request-id", "mine").build()));
            fleet.answerTo(fleet.get("/"));
            fleet.answerTo(fleet.get("/"));
            List<String> ids = received(fleet, 0, "X-Request-Id");
            assertEquals("mine", ids.get(0));
            assertNotEquals(ids.get(1), ids.get(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "é"})
    void anIdThatNoHeaderCanHoldFailsTheCall(String id) {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .service(service ->
                        service.withRequestHeaders(RequestHeaders.none().withRequestId("X-Request-Id", () -> id)))
                .start()) {
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertTrue(failure.getMessage().startsWith("orders.test: the request got no id"), failure.getMessage());
            assertEquals(0, fleet.inFlight());
            assertEquals("A 0", fleet.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ the response

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theNodeThatAnsweredIsNamedIfWanted(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withNodeHeader("X-Served-By"))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            try (Response response = fleet.get("/").execute()) {
                assertEquals(fleet.server(1).endpoint().id(), response.header("X-Served-By"));
                assertEquals("B", response.body().string());
            }
            Request named = fleet.request("/")
                    .tag(
                            EndpointOverride.class,
                            EndpointOverride.to(fleet.server(0).endpoint().id()))
                    .build();
            try (Response response = fleet.client().newCall(named).execute()) {
                assertEquals(fleet.server(0).endpoint().id(), response.header("X-Served-By"));
            }
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anIdMayBeAnyText(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .endpoint(endpoint ->
                        Endpoint.of(endpoint.host(), endpoint.port()).withId("é\r\nX-Evil: 1"))
                .service(service -> service.withNodeHeader("X-Served-By"))
                .start()) {
            try (Response response = fleet.get("/").execute()) {
                assertEquals("???X-Evil: 1", response.header("X-Served-By"));
                assertNull(response.header("X-Evil"));
            }
        }
    }

    @Test
    void answersFromTheCacheAndFromElsewhereNameNoNode(@TempDir Path directory) throws IOException {
        try (TestServer other = new TestServer("other", Wire.HTTP_1_1);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                        .client(builder -> builder.cache(new Cache(directory.toFile(), 1_000_000)))
                        .service(service -> service.withNodeHeader("X-Served-By"))
                        .start()) {
            fleet.server(0).handle(request -> switch (request.getTarget()) {
                case "/cached" ->
                    new MockResponse.Builder()
                            .addHeader("Cache-Control", "max-age=60")
                            .build();
                default ->
                    new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", other.mock().url("/"))
                            .build();
            });
            assertEquals(fleet.server(0).endpoint().id(), nodeOf(fleet, "/cached"));
            assertNull(nodeOf(fleet, "/cached"));
            assertNull(nodeOf(fleet, "/elsewhere"));
            assertEquals(1, other.hits());
        }
    }

    private static @Nullable String nodeOf(Fleet fleet, String path) throws IOException {
        try (Response response = fleet.get(path).execute()) {
            String ignored = response.body().string();
            return response.header("X-Served-By");
        }
    }

    @Test
    void nothingIsAddedUnlessItIsAskedFor() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            Request request = fleet.request("/")
                    .tag(InboundRequest.class, InboundRequest.from("192.0.2.1"))
                    .build();
            try (Response response = fleet.client().newCall(request).execute()) {
                assertEquals(
                        List.of("Content-Length"),
                        List.copyOf(response.headers().names()));
            }
            assertEquals(
                    List.of("Accept-Encoding", "Connection", "Host", "User-Agent"),
                    List.copyOf(
                            fleet.server(0).mock().takeRequest().getHeaders().names()));
        }
    }
}
