package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Outcome;
import io.lb4j.okhttp.resilience.AdaptiveThrottling;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an admission hears of calls, and how a client spares a service that is overloaded. */
@Tag("socket")
@Timeout(60)
class ThrottlingTest {
    private static Fleet fleet(Wire wire, int size, Admission admission) {
        return Fleet.of(wire, size)
                .service(service -> service.withAdmission(admission))
                .start();
    }

    private static MockResponse overloaded(TestServer server) {
        return server.answer(503).newBuilder().addHeader("Retry-After", "1").build();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void overloadedServiceIsSparedAndCriticalRequestsPass(Wire wire) throws IOException {
        AdaptiveThrottling throttling =
                AdaptiveThrottling.standard().withCritical(request -> request.header("X-Critical") != null);
        try (Fleet fleet = fleet(wire, 1, throttling)) {
            TestServer a = fleet.server(0);
            a.handle(request -> overloaded(a));
            int refused = 0;
            for (int i = 0; i < 200; i++) {
                refused += isRefused(fleet, fleet.request("/").build()) ? 1 : 0;
            }
            assertEquals(200, throttling.requests());
            assertEquals(0, throttling.accepts());
            assertEquals(200 - refused, a.hits());
            assertTrue(refused > 150, "refused " + refused);
            Request critical = fleet.request("/").header("X-Critical", "1").build();
            for (int i = 0; i < 20; i++) {
                assertEquals("503 A", fleet.answerTo(fleet.client().newCall(critical)));
            }
            assertEquals(0, fleet.inFlight());
        }
    }

    private static boolean isRefused(Fleet fleet, Request request) throws IOException {
        try {
            assertEquals("503 A", fleet.answerTo(fleet.client().newCall(request)));
            return false;
        } catch (ThrottledException e) {
            assertTrue(e.getMessage().startsWith("adaptive throttling: orders.test accepted 0 of "), e.getMessage());
            return true;
        }
    }

    /** The service has answered, though the attempt that was begun first has been cancelled for it. */
    @Test
    void aCallThatAHedgeAnswersIsAccepted() throws IOException {
        AdaptiveThrottling throttling = AdaptiveThrottling.standard();
        RetryRule hedging = RetryRule.standard().withHedging(HedgingPolicy.after(Duration.ofMillis(50)));
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .service(service -> service.withAdmission(throttling).withRetries(hedging))
                .start()) {
            Hedged.neverAnswer(fleet.server(0));
            assertEquals("200 B", fleet.answerTo(Hedged.get(fleet)));
            Eventually.equal(1L, throttling::accepts);
            assertEquals(1, throttling.requests());
        }
    }

    /** One node of three is overloaded, the retries go elsewhere: nothing is refused. */
    @Test
    void oneOverloadedEndpointIsNoOverloadedService() throws IOException {
        AdaptiveThrottling throttling = AdaptiveThrottling.standard();
        try (Fleet fleet = fleet(Wire.HTTP_1_1, 3, throttling)) {
            TestServer a = fleet.server(0);
            a.handle(request -> overloaded(a));
            for (int i = 0; i < 100; i++) {
                assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            }
            assertEquals(100, throttling.requests());
            assertEquals(100, throttling.accepts());
        }
    }

    @Test
    void callThatIsCancelledWhileItWaitsToBeLetInEndsToo() throws Exception {
        List<Outcome> heard = new CopyOnWriteArrayList<>();
        CountDownLatch waits = new CountDownLatch(1);
        Admission slow = new Admission() {
            @Override
            public long reserve(Request request) {
                waits.countDown();
                return TimeUnit.HOURS.toNanos(1);
            }

            @Override
            public void ended(Request request, Outcome outcome) {
                heard.add(outcome);
            }
        };
        try (Fleet fleet = fleet(Wire.HTTP_1_1, 1, slow)) {
            Call call = fleet.get("/");
            Thread canceler = new Thread(() -> {
                try {
                    waits.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                call.cancel();
            });
            canceler.start();
            assertThrows(IOException.class, call::execute);
            canceler.join();
            assertEquals(List.of(Outcome.CANCELLED), heard);
            assertEquals("A 0", fleet.hits());
        }
    }

    /** Once for each call, with the outcome of its last attempt. */
    @Test
    void admissionHearsHowEachCallEnded() throws IOException {
        List<Outcome> heard = new CopyOnWriteArrayList<>();
        Admission listening = new Admission() {
            @Override
            public long reserve(Request request) {
                return 0;
            }

            @Override
            public void ended(Request request, Outcome outcome) {
                heard.add(outcome);
            }
        };
        Admission failing = new Admission() {
            @Override
            public long reserve(Request request) {
                return 0;
            }

            @Override
            public void ended(Request request, Outcome outcome) {
                throw new IllegalStateException("of the user");
            }
        };
        try (Fleet fleet = fleet(Wire.HTTP_1_1, 2, listening.and(failing))) {
            fleet.server(0).alwaysAnswer(503);
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            fleet.server(1).alwaysAnswer(502);
            assertEquals("502 B", fleet.answerTo(fleet.get("/")));
            Call call = fleet.get("/");
            call.cancel();
            assertThrows(IOException.class, call::execute);
            fleet.loadBalancer().close();
            assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals(
                    List.of(Outcome.SUCCESS, Outcome.FAILURE, Outcome.CANCELLED), heard.subList(0, 3), heard::toString);
            assertEquals(4, heard.size());
        }
    }
}
