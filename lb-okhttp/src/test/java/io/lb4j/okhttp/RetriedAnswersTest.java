package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which answers are retried if that is wanted, and what is waited for. */
@Tag("socket")
@Timeout(60)
class RetriedAnswersTest {
    private static Fleet fleet(Wire wire, int size, UnaryOperator<RetryRule> change) {
        return Fleet.of(wire, size)
                .service(service -> service.withRetries(change.apply(RetryRule.standard())))
                .start();
    }

    private static MockResponse comeBackIn(String seconds, TestServer server, int code) {
        return server.answer(code)
                .newBuilder()
                .addHeader("Retry-After", seconds)
                .build();
    }

    // ------------------------------------------------------------------------------------------ statuses

    @ParameterizedTest
    @EnumSource(Wire.class)
    void wantedStatusesAreRetriedAndSayNothingAgainstTheEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 2, rule -> rule.withStatuses("429,500-501"))) {
            for (int code : new int[] {429, 500, 501}) {
                fleet.server(0).alwaysAnswer(code);
                assertEquals("200 B", fleet.answerTo(fleet.get("/")), "for " + code);
            }
            fleet.server(0).alwaysAnswer(404);
            assertEquals("404 A", fleet.answerTo(fleet.get("/")));
            assertTrue(fleet.reports().stream().allMatch(each -> each.endsWith("SUCCESS")), fleet.reports()::toString);
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void wantedStatusOfAPostIsTheAnswer(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 2, rule -> rule.withStatuses("500"))) {
            fleet.server(0).alwaysAnswer(500);
            Call call = fleet.client()
                    .newCall(fleet.request("/").post(RequestBody.EMPTY).build());
            assertEquals("500 A", fleet.answerTo(call));
            assertEquals("[500 NOT_REPEATABLE]", Fleet.decisions(call));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void wantedStatusIsTheAnswerWhenAllGiveIt(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 2, rule -> rule.withStatuses("500"))) {
            fleet.server(0).alwaysAnswer(500);
            fleet.server(1).alwaysAnswer(500);
            Call call = fleet.get("/");
            assertEquals("500 B", fleet.answerTo(call));
            assertEquals("[500 RETRIED, 500 NO_OTHER_ENDPOINT]", Fleet.decisions(call));
        }
    }

    // ------------------------------------------------------------------------------------------ at once

    /** The place is taken while the retry lasts, and free again afterwards. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void onlySoManyCallsAreRetriedAtOnce(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 2, rule -> rule.withMostAtOnce(0, 1))) {
            fleet.server(0).alwaysAnswer(503);
            TestServer b = fleet.server(1);
            AtomicReference<String> meanwhile = new AtomicReference<>();
            b.handle(request -> {
                if (meanwhile.compareAndSet(null, "")) {
                    Call call = fleet.get("/");
                    try {
                        meanwhile.set(fleet.answerTo(call) + " " + Fleet.decisions(call));
                    } catch (IOException e) {
                        meanwhile.set(e.toString());
                    }
                }
                return b.answer(200);
            });
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("503 A [503 BUDGET_EMPTY]", meanwhile.get());
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
        }
    }

    // ------------------------------------------------------------------------------------------ Retry-After

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAfterIsWaitedForWhenThereIsNoOtherEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 1, rule -> rule.withRetryAfter(Duration.ofSeconds(2)))) {
            AtomicInteger count = new AtomicInteger();
            TestServer a = fleet.server(0);
            a.handle(request -> count.getAndIncrement() == 0 ? comeBackIn("1", a, 429) : a.answer(200));
            long start = System.nanoTime();
            Call call = fleet.get("/");
            assertEquals("200 A", fleet.answerTo(call));
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(took >= 1000, took + " ms");
            assertEquals("[429 RETRIED, 200 ANSWERED]", Fleet.decisions(call));
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anotherEndpointIsBetterThanWaiting(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 2, rule -> rule.withRetryAfter(Duration.ofHours(2)))) {
            TestServer a = fleet.server(0);
            a.handle(request -> comeBackIn("3600", a, 503));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void whenAllAskForATimeTheLastOneIsWaitedFor(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 2, rule -> rule.withRetryAfter(Duration.ofSeconds(1)))) {
            AtomicInteger count = new AtomicInteger();
            for (int i = 0; i < 2; i++) {
                TestServer server = fleet.server(i);
                server.handle(
                        request -> count.getAndIncrement() < 2 ? comeBackIn("1", server, 503) : server.answer(200));
            }
            Call call = fleet.get("/");
            assertTrue(fleet.answerTo(call).startsWith("200 "), call.tag(BalancedCall.class)::toString);
            assertEquals("[503 RETRIED, 503 RETRIED, 200 ANSWERED]", Fleet.decisions(call));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void longRetryAfterIsTheAnswer(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 1, rule -> rule.withRetryAfter(Duration.ofSeconds(2)))) {
            TestServer a = fleet.server(0);
            a.handle(request -> comeBackIn("3", a, 503));
            Call call = fleet.get("/");
            assertEquals("503 A", fleet.answerTo(call));
            assertEquals("[503 NO_OTHER_ENDPOINT]", Fleet.decisions(call));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retryAfterThatTheCallTimeoutDoesNotLeaveIsTheAnswer(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, 1, rule -> rule.withRetryAfter(Duration.ofHours(2)))) {
            TestServer a = fleet.server(0);
            a.handle(request -> comeBackIn("3600", a, 503));
            Call call = fleet.get("/");
            call.timeout().timeout(20, TimeUnit.SECONDS);
            assertEquals("503 A", fleet.answerTo(call));
            assertEquals("[503 OUT_OF_TIME]", Fleet.decisions(call));
            Call other = fleet.get("/");
            other.timeout().deadlineNanoTime(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
            assertEquals("503 A", fleet.answerTo(other));
            assertEquals("[503 OUT_OF_TIME]", Fleet.decisions(other));
            assertEquals(List.of(), fleet.client().dispatcher().runningCalls());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void waitingIsPaidFromTheBudget(Wire wire) throws IOException {
        try (Fleet fleet = fleet(
                wire, 1, rule -> rule.withRetryAfter(Duration.ofSeconds(9)).withBudget(0, 0))) {
            TestServer a = fleet.server(0);
            a.handle(request -> comeBackIn("1", a, 503));
            Call call = fleet.get("/");
            assertEquals("503 A", fleet.answerTo(call));
            assertEquals("[503 BUDGET_EMPTY]", Fleet.decisions(call));
        }
    }
}
