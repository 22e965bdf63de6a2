package io.lb4j.okhttp;

import static io.lb4j.okhttp.Hedged.neverAnswer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import io.lb4j.SessionFallback;
import io.lb4j.balance.Balancers;
import io.lb4j.okhttp.sticky.SessionTable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls are sent to a second endpoint while the first is silent, and what comes of it. */
@Tag("socket")
@Timeout(60)
class HedgingTest {
    private static final HedgingPolicy SOON = HedgingPolicy.after(Duration.ofMillis(100));
    private static final HedgingPolicy AT_ONCE = HedgingPolicy.after(Duration.ofMillis(1));

    private static Fleet.Plan plan(Wire wire, int size, HedgingPolicy policy) {
        return Fleet.of(wire, size)
                .service(service -> service.withRetries(RetryRule.standard().withHedging(policy)));
    }

    private static Call call(Fleet fleet, Request request) {
        return BalancedClient.callFactory(fleet.client()).newCall(request);
    }

    private static Call get(Fleet fleet) {
        return call(fleet, fleet.request("/").build());
    }

    private static void answerAfter(long millis, int code, TestServer server) {
        server.handle(request -> server.answer(code)
                .newBuilder()
                .headersDelay(millis, TimeUnit.MILLISECONDS)
                .build());
    }

    // ------------------------------------------------------------------------------------------ who wins

    @ParameterizedTest
    @EnumSource(Wire.class)
    void slowEndpointIsOvertakenByAnother(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, SOON).start()) {
            neverAnswer(fleet.server(0));
            long start = System.nanoTime();
            Call call = get(fleet);
            assertEquals("200 B", fleet.answerTo(call));
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(took >= 100 && took < 5000, took + " ms");
            assertEquals("A 1, B 1", fleet.hits());
            assertEquals("[0 LOST, 200 ANSWERED]", Fleet.decisions(call));
            assertEquals(
                    fleet.server(1).endpoint(), call.tag(BalancedCall.class).endpoint());
            assertEquals(List.of("B SUCCESS", "A CANCELLED"), fleet.reports());
            assertEquals(0, fleet.inFlight());
            assertEquals(0, fleet.client().dispatcher().runningCallsCount());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void hedgeThatIsSlowerIsCancelled(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, AT_ONCE).start()) {
            answerAfter(400, 200, fleet.server(0));
            neverAnswer(fleet.server(1));
            Call call = get(fleet);
            assertEquals("200 A", fleet.answerTo(call));
            Eventually.equal("[200 ANSWERED, 0 LOST]", () -> Fleet.decisions(call));
            assertEquals(
                    fleet.server(0).endpoint(), call.tag(BalancedCall.class).endpoint());
            Eventually.equal(List.of("A SUCCESS", "B CANCELLED"), fleet::reports);
            Eventually.equal(0, fleet::inFlight);
            Eventually.equal(0, fleet.client().dispatcher()::runningCallsCount);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void quickAnswerIsNotHedged(Wire wire) throws IOException {
        try (Fleet fleet =
                plan(wire, 2, HedgingPolicy.after(Duration.ofSeconds(30))).start()) {
            for (int i = 0; i < 20; i++) {
                assertEquals("200 A", fleet.answerTo(get(fleet)));
            }
            assertEquals("A 20, B 0", fleet.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void badAnswerWaitsForTheHedge(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRetries(RetryRule.none().withHedging(AT_ONCE)))
                .start()) {
            answerAfter(300, 503, fleet.server(0));
            answerAfter(700, 200, fleet.server(1));
            Call call = get(fleet);
            assertEquals("200 B", fleet.answerTo(call));
            assertEquals("[503 TRIES_USED, 200 ANSWERED]", Fleet.decisions(call));
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void withoutAGoodAnswerABadOneIsBetterThanNone(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, AT_ONCE).start()) {
            answerAfter(300, 503, fleet.server(0));
            answerAfter(600, 502, fleet.server(1));
            String answer = fleet.answerTo(get(fleet));
            assertTrue(answer.equals("503 A") || answer.equals("502 B"), answer);
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void withoutAnyAnswerTheCallFails(Wire wire) {
        try (Fleet fleet = plan(wire, 2, AT_ONCE)
                .client(client -> client.readTimeout(Duration.ofMillis(500)))
                .start()) {
            neverAnswer(fleet.server(0));
            neverAnswer(fleet.server(1));
            Call call = get(fleet);
            assertThrows(SocketTimeoutException.class, call::execute);
            assertEquals("[0 NO_OTHER_ENDPOINT, 0 TRIES_USED]", Fleet.decisions(call));
            assertEquals(0, fleet.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void eachHedgeGoesToAnotherEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 4, SOON.withMaxHedges(2)).start()) {
            neverAnswer(fleet.server(0));
            neverAnswer(fleet.server(1));
            assertEquals("200 C", fleet.answerTo(get(fleet)));
            assertEquals("A 1, B 1, C 1, D 0", fleet.hits());
            Eventually.equal(0, fleet::inFlight);
        }
    }

    @Test
    void noMoreHedgesThanAreAllowed() throws IOException {
        try (Fleet fleet = plan(Wire.HTTP_1_1, 4, AT_ONCE).start()) {
            neverAnswer(fleet.server(0));
            answerAfter(500, 200, fleet.server(1));
            assertEquals("200 B", fleet.answerTo(get(fleet)));
            assertEquals("A 1, B 1, C 0, D 0", fleet.hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodyOfTheWinnerIsStreamed(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, SOON).start()) {
            neverAnswer(fleet.server(0));
            TestServer b = fleet.server(1);
            b.handle(request -> new MockResponse.Builder()
                    .body("0123456789")
                    .throttleBody(2, 100, TimeUnit.MILLISECONDS)
                    .build());
            try (Response response = get(fleet).execute()) {
                assertEquals(1, fleet.loadBalancer().nodes().get(1).inFlight());
                assertEquals("0123456789", response.body().string());
            }
            Eventually.equal(0, fleet::inFlight);
        }
    }

    // ------------------------------------------------------------------------------------------ what is hedged

    private static void assertNotHedged(Fleet fleet, Request request) throws IOException {
        answerAfter(300, 200, fleet.server(0));
        assertEquals("200 A", fleet.answerTo(call(fleet, request)));
        assertEquals("A 1, B 0", fleet.hits());
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void postIsNotHedged(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, AT_ONCE).start()) {
            assertNotHedged(fleet, fleet.request("/").post(RequestBody.EMPTY).build());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void postWithAnIdempotencyKeyIsHedged(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, SOON).start()) {
            neverAnswer(fleet.server(0));
            Request post = fleet.request("/")
                    .post(RequestBody.create("buy", MediaType.get("text/plain")))
                    .header("Idempotency-Key", "1")
                    .build();
            assertEquals("200 B", fleet.answerTo(call(fleet, post)));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodyThatCanBeSentOnceIsNotHedged(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 2, AT_ONCE).start()) {
            assertNotHedged(
                    fleet, fleet.request("/").put(new OneShotBody("once")).build());
        }
    }

    @Test
    void callToANamedEndpointIsNotHedged() throws IOException {
        try (Fleet fleet = plan(Wire.HTTP_1_1, 2, AT_ONCE).start()) {
            EndpointOverride named =
                    EndpointOverride.to(fleet.server(0).endpoint().id());
            assertNotHedged(
                    fleet, fleet.request("/").tag(EndpointOverride.class, named).build());
        }
    }

    @Test
    void callOfASessionIsNotHedged() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .balancing(builder -> builder.stickiness(SessionTable.create(), SessionFallback.REBIND))
                .service(service -> service.withSession(request -> request.header("X-Session"))
                        .withRetries(RetryRule.standard().withHedging(AT_ONCE)))
                .start()) {
            assertNotHedged(fleet, fleet.request("/").header("X-Session", "s").build());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void emptyBudgetEndsHedges(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRetries(
                        RetryRule.standard().withHedging(AT_ONCE).withBudget(0.2, 0)))
                .start()) {
            answerAfter(60, 200, fleet.server(0));
            neverAnswer(fleet.server(1));
            for (int i = 0; i < 20; i++) {
                assertEquals("200 A", fleet.answerTo(get(fleet)));
            }
            assertEquals("A 20, B 4", fleet.hits());
        }
    }

    @Test
    void callThatIsNotForAServiceGoesItsOwnWay() throws IOException {
        try (Fleet fleet = plan(Wire.HTTP_1_1, 1, AT_ONCE).start();
                TestServer other = new TestServer("other", Wire.HTTP_1_1)) {
            answerAfter(200, 200, other);
            Request request =
                    new Request.Builder().url(other.mock().url("/").toString()).build();
            Call call = call(fleet, request);
            assertEquals("200 other", fleet.answerTo(call));
            assertEquals(null, call.tag(BalancedCall.class));
            assertEquals(1, other.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ the service's own p95

    @ParameterizedTest
    @EnumSource(Wire.class)
    void measuredDelayHedgesWhatIsSlowerThanUsual(Wire wire) throws IOException {
        HedgingPolicy measured =
                HedgingPolicy.afterPercentile(0.95).withBounds(Duration.ofMillis(100), Duration.ofSeconds(5));
        try (Fleet fleet = plan(wire, 2, measured).start()) {
            answerAfter(400, 200, fleet.server(0));
            assertEquals("200 A", fleet.answerTo(get(fleet)));
            fleet.server(0).alwaysAnswer(200);
            for (int i = 0; i < RecentLatencies.LEAST_SAMPLES; i++) {
                assertEquals("200 A", fleet.answerTo(get(fleet)));
            }
            assertEquals(0, fleet.server(1).hits());
            neverAnswer(fleet.server(0));
            assertEquals("200 B", fleet.answerTo(get(fleet)));
        }
    }

    /** Else the node that is overtaken would look as quick as before. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void loserCountsAsASampleOfAtLeastItsTime(Wire wire) throws IOException {
        try (Fleet fleet =
                plan(wire, 2, HedgingPolicy.after(Duration.ofMillis(300))).start()) {
            for (int i = 0; i < 20; i++) {
                assertEquals("200 A", fleet.answerTo(get(fleet)));
            }
            Node a = fleet.loadBalancer().nodes().get(0);
            double before = a.latencyNanos(System.nanoTime());
            neverAnswer(fleet.server(0));
            assertEquals("200 B", fleet.answerTo(get(fleet)));
            assertEquals("A CANCELLED", fleet.reports().get(fleet.reports().size() - 1));
            double after = a.latencyNanos(System.nanoTime());
            assertTrue(after > before + 10_000_000, before + " ns, then " + after);
        }
    }

    // ------------------------------------------------------------------------------------------ what it is good for

    /** One node of five is slow: without hedging a fifth of the calls is, with it none has to be. */
    @Test
    void hedgingCutsTheTailWithinItsBudget() throws IOException {
        Tail plain = Tail.of(HedgingPolicy.none());
        Tail hedged = Tail.of(HedgingPolicy.after(Duration.ofMillis(40)));
        System.out.println("hedging, one node of five takes 400 ms: without " + plain + "; with " + hedged);
        assertTrue(plain.p99Millis >= 400, plain::toString);
        assertTrue(hedged.p99Millis < 300, hedged::toString);
        assertTrue(plain.p99Millis > 1.5 * hedged.p99Millis, hedged::toString);
        assertEquals(100, plain.asked);
        assertTrue(hedged.asked >= 110 && hedged.asked <= 130, hedged::toString);
    }

    /** What 100 calls, round robin, took. */
    private record Tail(long p50Millis, long p99Millis, int asked) {
        static Tail of(HedgingPolicy policy) throws IOException {
            try (Fleet fleet = plan(Wire.HTTP_1_1, 5, policy).start()) {
                fleet.loadBalancer().switchTo(Balancers.roundRobin());
                answerAfter(400, 200, fleet.server(0));
                long[] took = new long[100];
                for (int i = 0; i < took.length; i++) {
                    long start = System.nanoTime();
                    assertTrue(fleet.answerTo(get(fleet)).startsWith("200 "));
                    took[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                }
                Arrays.sort(took);
                int asked = 0;
                for (int i = 0; i < 5; i++) {
                    asked += fleet.server(i).hits();
                }
                return new Tail(took[50], took[98], asked);
            }
        }

        @Override
        public String toString() {
            return "p50 " + p50Millis + " ms, p99 " + p99Millis + " ms, " + asked + " requests for 100 calls";
        }
    }
}
