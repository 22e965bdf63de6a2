package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long one endpoint may take until another one is asked. */
@Tag("socket")
@Timeout(60)
class PerTryTimeoutTest {
    private static final Duration PER_TRY = Duration.ofMillis(300);

    private static Fleet.Plan plan(Wire wire, int size) {
        return Fleet.of(wire, size)
                .service(service -> service.withRetries(RetryRule.standard().withPerTryTimeout(PER_TRY)));
    }

    /** Answers "/slow" never, everything else at once. */
    private static MockResponse silentIfSlow(TestServer server, RecordedRequest request) {
        MockResponse.Builder response = server.answer(200).newBuilder();
        return request.getTarget().startsWith("/slow")
                ? response.headersDelay(1, TimeUnit.HOURS).build()
                : response.build();
    }

    private static void silence(TestServer server) {
        server.handle(request -> silentIfSlow(server, request));
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void silentEndpointIsGivenUpAndAnotherOneIsAsked(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2).start()) {
            silence(fleet.server(0));
            long start = System.nanoTime();
            assertEquals("200 B", fleet.answerTo(fleet.get("/slow")));
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(took >= 300 && took < 5000, took + " ms");
            assertEquals(List.of("A TIMED_OUT", "B SUCCESS"), fleet.reports());
            Eventually.equal(0, fleet::inFlight);
        }
    }

    /** On HTTP/2 they share its connection. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void otherCallsToTheSameEndpointDoNotNotice(Wire wire) throws Exception {
        try (Fleet fleet = plan(wire, 2).start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> request.getTarget().equals("/stream")
                    ? a.answer(200)
                            .newBuilder()
                            .body("0123456789")
                            .throttleBody(1, 100, TimeUnit.MILLISECONDS)
                            .build()
                    : silentIfSlow(a, request));
            try (Response stream = fleet.get("/stream").execute()) {
                assertEquals("200 B", fleet.answerTo(fleet.get("/slow")));
                assertEquals("0123456789", stream.body().string());
            }
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals(wire == Wire.HTTP_1_1 ? 2 : 1, a.connectionsEver());
        }
    }

    /** It is the time to the head of the answer; the body comes in pieces that are further apart. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodyMayPauseForLonger(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2).start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> a.answer(200)
                    .newBuilder()
                    .body("ab")
                    .throttleBody(1, 700, TimeUnit.MILLISECONDS)
                    .build());
            assertEquals("200 ab", fleet.answerTo(fleet.get("/")));
            a.handle(request -> a.answer(200));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("A 2, B 0", fleet.hits());
        }
    }

    /** And is read with the read timeout that the client has. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodyKeepsTheClientsReadTimeout(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2)
                .client(client -> client.readTimeout(Duration.ofMillis(600)))
                .start()) {
            fleet.server(0).answerByteByByte();
            try (Response response = fleet.get("/").execute()) {
                long start = System.nanoTime();
                assertThrows(SocketTimeoutException.class, response.body()::string);
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                assertTrue(took >= 400, took + " ms");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void lastTryMayTakeLonger(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2).start()) {
            silence(fleet.server(0));
            fleet.server(1).answerAfter(Duration.ofMillis(700));
            assertEquals("200 B", fleet.answerTo(fleet.get("/slow")));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void callTimeoutHoldsForAllTries(Wire wire) {
        try (Fleet fleet = plan(wire, 3)
                .client(client -> client.callTimeout(Duration.ofMillis(800)))
                .start()) {
            for (int i = 0; i < 3; i++) {
                silence(fleet.server(i));
            }
            long start = System.nanoTime();
            assertThrows(InterruptedIOException.class, () -> fleet.get("/slow").execute());
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(took < 5000, took + " ms");
            assertEquals(0, fleet.inFlight());
            assertEquals("A TIMED_OUT", fleet.reports().get(0));
        }
    }

    /** It could not be tried elsewhere. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void postIsWaitedFor(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2).start()) {
            fleet.server(0).answerAfter(Duration.ofMillis(700));
            Call post = fleet.client()
                    .newCall(fleet.request("/").post(RequestBody.EMPTY).build());
            assertEquals("200 A", fleet.answerTo(post));
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    /** Giving it up would only fail the call. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void emptyBudgetMeansThatTheFirstTryIsTheLast(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRetries(
                        RetryRule.standard().withPerTryTimeout(PER_TRY).withBudget(0, 0)))
                .start()) {
            fleet.server(0).answerAfter(Duration.ofMillis(700));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void enqueuedCallsAreGivenUpToo(Wire wire) throws Exception {
        try (Fleet fleet = plan(wire, 2).start()) {
            silence(fleet.server(0));
            CompletableFuture<String> answer = new CompletableFuture<>();
            fleet.get("/slow").enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    answer.completeExceptionally(e);
                }

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    answer.complete(response.body().string());
                }
            });
            assertEquals("B", answer.get(20, TimeUnit.SECONDS));
            assertEquals(Node.State.UP, fleet.loadBalancer().nodes().get(1).state());
        }
    }
}
