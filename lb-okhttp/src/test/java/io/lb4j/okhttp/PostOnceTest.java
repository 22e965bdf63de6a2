package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server may have executed is not sent again, neither by this library nor by OkHttp. */
@Tag("socket")
@Timeout(60)
class PostOnceTest {
    /** Of the faults of many POSTs: the connection breaks before the answer, or in its middle. */
    private static final int BEFORE_THE_ANSWER = 2;

    private static final int LAST_FAULT = 3;

    private static Call post(Fleet fleet) {
        return fleet.client()
                .newCall(fleet.request("/buy")
                        .post(RequestBody.create("1 pound of tea", null))
                        .build());
    }

    /** So that the POST finds a pooled connection, which is what OkHttp would repeat it for. */
    private static void warmUp(Fleet fleet) throws IOException {
        assertEquals("200 A", fleet.answerTo(fleet.get("/")));
    }

    private static MockResponse.Builder response() {
        return new MockResponse.Builder();
    }

    @Test
    void serverThatReadsAndClosesSeesItOnce() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            warmUp(fleet);
            fleet.server(0)
                    .handle(request -> response()
                            .onResponseStart(new SocketEffect.CloseSocket())
                            .build());
            Call call = post(fleet);
            assertThrows(IOException.class, call::execute);
            assertEquals("A 2, B 0", fleet.hits());
            assertEquals(
                    RetryDecision.NOT_REPEATABLE,
                    call.tag(BalancedCall.class).attempts().get(0).decision());
        }
    }

    /** Shows that the test above can fail: this is what OkHttp does. */
    @Test
    void repeatablePostIsRepeatedByOkHttpOnTheSameEndpoint() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .service(service -> service.withRetries(RetryRule.none().withRepeatable(request -> true)))
                .start()) {
            warmUp(fleet);
            fleet.server(0)
                    .handle(request -> response()
                            .onResponseStart(new SocketEffect.CloseSocket())
                            .build());
            assertThrows(IOException.class, () -> post(fleet).execute());
            assertTrue(fleet.server(0).hits() > 2, fleet.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"INTERNAL_ERROR", "CANCEL", "ENHANCE_YOUR_CALM"})
    void streamThatIsResetIsSentOnce(ErrorCode code) throws IOException {
        for (Wire wire : new Wire[] {Wire.H2C, Wire.H2_TLS}) {
            try (Fleet fleet = Fleet.of(wire, 2).start()) {
                warmUp(fleet);
                fleet.server(0)
                        .effects(response()
                                .onResponseStart(new SocketEffect.CloseStream(code.getHttpCode()))
                                .build());
                assertThrows(IOException.class, () -> post(fleet).execute());
                assertEquals("A 2, B 0", fleet.hits());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void requestTimeoutOfTheServerIsGivenToTheCaller(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0).alwaysAnswer(408);
            assertEquals("408 A", fleet.answerTo(post(fleet)));
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAfterZeroIsGivenToTheCaller(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(503)
                            .newBuilder()
                            .addHeader("Retry-After", "0")
                            .build());
            try (Response response = post(fleet).execute()) {
                assertEquals(503, response.code());
                assertEquals("0", response.header("Retry-After"));
            }
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ stale connections

    private static Fleet.Plan oneServer(boolean tls, VirtualTime time) {
        return Fleet.of(tls ? Wire.H2_TLS : Wire.HTTP_1_1, 1)
                .client(builder -> builder.protocols(List.of(Protocol.HTTP_1_1)))
                .installing(builder -> builder.ticker(time));
    }

    private static MockResponse thenClose(TestServer server) {
        return server.answer(200)
                .newBuilder()
                .onResponseEnd(new SocketEffect.CloseSocket())
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionThatTheServerHasClosedWhileItWasIdleIsNotUsedForAPost(boolean tls) throws IOException {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = oneServer(tls, time).start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> thenClose(a));
            warmUp(fleet);
            Eventually.equal(0, a::connections);
            a.alwaysAnswer(200);
            time.advance(Duration.ofSeconds(2));
            assertEquals("200 A", fleet.answerTo(post(fleet)));
            assertEquals("A 2", fleet.hits());
            assertEquals(List.of("A SUCCESS", "A SUCCESS"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionThatTheServerHasKeptIsUsedForAPost(boolean tls) throws IOException {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = oneServer(tls, time).start()) {
            warmUp(fleet);
            fleet.server(0).answerAfter(Duration.ofMillis(50));
            for (int i = 0; i < 5; i++) {
                time.advance(Duration.ofSeconds(2));
                assertEquals("200 A", fleet.answerTo(post(fleet)));
            }
            assertEquals(1, fleet.server(0).connectionsEver());
        }
    }

    /** Within a second it is not looked at, and cannot be told from a request that was executed. */
    @Test
    void connectionClosedRightBeforeFailsThePostInsteadOfRepeatingIt() throws IOException {
        try (Fleet fleet = oneServer(false, new VirtualTime()).start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> thenClose(a));
            warmUp(fleet);
            Eventually.equal(0, a::connections);
            assertThrows(IOException.class, () -> post(fleet).execute());
            assertEquals("A 1", fleet.hits());
        }
    }

    /** Thousands of numbered POSTs under all these faults at once; the servers count. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    @Tag("storm")
    @Timeout(900)
    void noneOfManyPostsIsExecutedTwice(Wire wire) throws IOException {
        int calls = Integer.getInteger("lb4j.posts", 3_000);
        Map<String, Integer> executed = new ConcurrentHashMap<>();
        try (Fleet fleet = Fleet.of(wire, 3).start()) {
            for (int i = 0; i < 3; i++) {
                TestServer server = fleet.server(i);
                server.handle(request -> execute(server, request, executed));
            }
            int answered = 0;
            int unharmed = 0;
            for (int i = 0; i < calls; i++) {
                String target = "/buy/" + i;
                unharmed += kind(target) > LAST_FAULT ? 1 : 0;
                if (wire != Wire.HTTP_1_1) {
                    fleet.server(0)
                            .effects(
                                    kind(target) == BEFORE_THE_ANSWER
                                            ? broken(i)
                                            : response().build());
                }
                try {
                    Call call = fleet.client()
                            .newCall(fleet.request(target)
                                    .post(RequestBody.create("x", null))
                                    .build());
                    answered += fleet.answerTo(call).startsWith("200") ? 1 : 0;
                } catch (IOException expected) {
                    // the server broke the connection after it had read the request
                }
            }
            long twice = executed.values().stream().filter(times -> times > 1).count();
            System.out.printf(
                    "%s: %d POSTs, %d executed, %d answered with 200, %d executed twice%n",
                    wire, calls, executed.size(), answered, twice);
            assertEquals(0, twice);
            assertEquals(calls, executed.size());
            assertEquals(unharmed, answered, "every fault was noticed");
            assertEquals(0, fleet.inFlight());
        }
    }

    /** Which fault a POST meets: 0 to 3, or none. */
    private static int kind(String target) {
        return Math.floorMod(target.hashCode(), 8);
    }

    /** For HTTP/2, where the server under test takes this from its effects and not from the answer. */
    private static MockResponse broken(int i) {
        SocketEffect effect = i % 2 == 0
                ? new SocketEffect.CloseSocket()
                : new SocketEffect.CloseStream(ErrorCode.INTERNAL_ERROR.getHttpCode());
        return response().onResponseStart(effect).build();
    }

    private static MockResponse execute(TestServer server, RecordedRequest request, Map<String, Integer> executed) {
        executed.merge(request.getTarget(), 1, Integer::sum);
        return switch (kind(request.getTarget())) {
            case 0 -> server.answer(408);
            case 1 ->
                server.answer(503).newBuilder().addHeader("Retry-After", "0").build();
            case BEFORE_THE_ANSWER ->
                response().onResponseStart(new SocketEffect.CloseSocket()).build();
            case LAST_FAULT ->
                response()
                        .body("x".repeat(100_000))
                        .onResponseBody(new SocketEffect.CloseSocket())
                        .build();
            default -> server.answer(200);
        };
    }
}
