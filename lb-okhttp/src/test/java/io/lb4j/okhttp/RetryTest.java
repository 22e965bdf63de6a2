package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import java.io.IOException;
import java.net.ConnectException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, where, and what the caller gets when nothing is left. */
@Tag("socket")
@Timeout(60)
class RetryTest {
    private static RequestBody text(String text) {
        return RequestBody.create(text, MediaType.get("text/plain"));
    }

    private static Request post(Fleet fleet, RequestBody body) {
        return fleet.request("/").post(body).build();
    }

    private static RetryDecision lastDecision(Call call) {
        List<BalancedCall.Attempt> attempts = call.tag(BalancedCall.class).attempts();
        return attempts.get(attempts.size() - 1).decision();
    }

    // ------------------------------------------------------------------------------------------ where

    @ParameterizedTest
    @EnumSource(Wire.class)
    void eachTryGoesToAnotherEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 4).start()) {
            fleet.server(0).alwaysAnswer(502);
            fleet.server(1).alwaysAnswer(504);
            assertEquals("200 C", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 1, C 1, D 0", fleet.hits());
            assertEquals(List.of("A FAILURE", "B FAILURE", "C SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void lastAnswerIsGivenWhenTheTriesAreUsed(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 4).start()) {
            for (int i = 0; i < 4; i++) {
                fleet.server(i).alwaysAnswer(503);
            }
            Call call = fleet.get("/");
            assertEquals("503 C", fleet.answerTo(call));
            assertEquals(RetryDecision.TRIES_USED, lastDecision(call));
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void lastAnswerIsGivenWhenThereIsNoOtherEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0).alwaysAnswer(503);
            fleet.server(1).alwaysAnswer(503);
            Call call = fleet.get("/");
            assertEquals("503 B", fleet.answerTo(call));
            assertEquals(RetryDecision.NO_OTHER_ENDPOINT, lastDecision(call));
            assertEquals("A 1, B 1", fleet.hits());
        }
    }

    @Test
    void lastExceptionIsGivenWhenThereIsNoOtherEndpoint() {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            fleet.server(0).close();
            fleet.server(1).close();
            Call call = fleet.get("/");
            IOException failure = assertThrows(ConnectException.class, call::execute);
            String real = "127.0.0.1:" + fleet.server(1).endpoint().port();
            assertTrue(
                    failure.getCause().getMessage().contains(real),
                    failure.getCause().getMessage());
            assertEquals(List.of("A UNREACHABLE", "B UNREACHABLE"), fleet.reports());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void answersThatSayNothingOfTheEndpointAreNotRetried() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            for (int code : new int[] {400, 401, 403, 404, 408, 409, 429, 500, 501}) {
                fleet.server(0).alwaysAnswer(code);
                assertEquals(code + " A", fleet.answerTo(fleet.get("/")));
            }
            assertEquals(0, fleet.server(1).hits());
            assertTrue(fleet.reports().stream().allMatch("A SUCCESS"::equals), fleet.reports()::toString);
        }
    }

    // ------------------------------------------------------------------------------------------ what

    @Test
    void postIsTriedAgainIfItCannotHaveBeenSent() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            fleet.server(0).close();
            OneShotBody body = new OneShotBody("once");
            Call call = fleet.client().newCall(post(fleet, body));
            assertEquals("200 B", fleet.answerTo(call));
            assertEquals(1, body.written());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void postIsNotTriedAgainAfterAnAnswer(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0).alwaysAnswer(503);
            Call call = fleet.client().newCall(post(fleet, text("buy")));
            assertEquals("503 A", fleet.answerTo(call));
            assertEquals("A 1, B 0", fleet.hits());
            assertEquals(RetryDecision.NOT_REPEATABLE, lastDecision(call));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void postWithAnIdempotencyKeyIsTriedAgain(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0).alwaysAnswer(503);
            Request request = post(fleet, text("buy"))
                    .newBuilder()
                    .header("Idempotency-Key", "1")
                    .build();
            assertEquals("200 B", fleet.answerTo(fleet.client().newCall(request)));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodyThatCanBeSentOnceIsSentOnce(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0).alwaysAnswer(503);
            OneShotBody body = new OneShotBody("once");
            Call call = fleet.client().newCall(fleet.request("/").put(body).build());
            assertEquals("503 A", fleet.answerTo(call));
            assertEquals(1, body.written());
            assertEquals(RetryDecision.BODY_SENT, lastDecision(call));
        }
    }

    /** Not even one that would be idempotent: what it has written is gone. */
    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"H2C", "H2_TLS"})
    void duplexCallIsNotTriedAgain(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            MockResponse unavailable = new MockResponse.Builder()
                    .code(503)
                    .clearHeaders()
                    .socketHandler(LongLivedTest::answerThenRead)
                    .build();
            fleet.server(0).effects(unavailable).handle(received -> unavailable);
            LongLivedTest.DuplexBody body = new LongLivedTest.DuplexBody();
            Call call = fleet.client().newCall(fleet.request("/").put(body).build());
            try (Response response = call.execute()) {
                assertEquals(503, response.code());
                body.sink.close();
                assertEquals("A", response.body().string());
            }
            assertEquals("A 1, B 0", fleet.hits());
            assertEquals(RetryDecision.BODY_SENT, lastDecision(call));
            Eventually.equal(0, fleet::inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"H2C", "H2_TLS"})
    void refusedStreamIsTriedAgainWhateverTheMethod(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0)
                    .effects(new MockResponse.Builder()
                            .onResponseStart(new SocketEffect.CloseStream(ErrorCode.REFUSED_STREAM.getHttpCode()))
                            .build());
            assertEquals("200 B", fleet.answerTo(fleet.client().newCall(post(fleet, text("buy")))));
            assertEquals("A 1, B 1", fleet.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ Retry-After

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "7", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "soon"})
    void postIsSentOnceAndTheCallerSeesRetryAfterAsTheServerSentIt(String value) throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(503)
                            .newBuilder()
                            .addHeader("Retry-After", value)
                            .build());
            try (Response response =
                    fleet.client().newCall(post(fleet, text("buy"))).execute()) {
                assertEquals(503, response.code());
                assertEquals(List.of(value), response.headers("Retry-After"));
            }
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void endpointThatAsksForATimeIsLeftAlone(int code) throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(code)
                            .newBuilder()
                            .addHeader("Retry-After", "30")
                            .build());
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 2", fleet.hits());
            assertEquals(Node.State.EJECTED, fleet.loadBalancer().nodes().get(0).state());
            assertEquals("A OVERLOADED", fleet.reports().get(0));
        }
    }

    /** Even if its clock is an hour slow. */
    @ParameterizedTest
    @ValueSource(ints = {0, -3600})
    void endpointThatNamesADateIsLeftAlone(int clockOffSeconds) throws IOException {
        ZonedDateTime sent = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(clockOffSeconds);
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(503)
                            .newBuilder()
                            .addHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(sent))
                            .addHeader("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(sent.plusSeconds(30)))
                            .build());
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 2", fleet.hits());
            assertEquals(Node.State.EJECTED, fleet.loadBalancer().nodes().get(0).state());
            assertEquals("A OVERLOADED", fleet.reports().get(0));
        }
    }

    // ------------------------------------------------------------------------------------------ budget

    @Test
    void emptyBudgetEndsRetries() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .service(service -> service.withRetries(RetryRule.standard().withBudget(0.2, 0)))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            int retried = 0;
            Call call = fleet.get("/");
            for (int i = 0; i < 50; i++) {
                call = fleet.get("/");
                retried += fleet.answerTo(call).equals("200 B") ? 1 : 0;
            }
            assertEquals(10, retried);
            assertEquals(
                    RetryDecision.RETRIED,
                    call.tag(BalancedCall.class).attempts().get(0).decision());
            assertEquals("A 50, B 10", fleet.hits());
        }
    }
}
