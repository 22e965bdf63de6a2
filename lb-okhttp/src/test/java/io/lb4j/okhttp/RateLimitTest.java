package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.lb4j.NoEndpointAvailableException;
import io.lb4j.NoEndpointAvailableException.Reason;
import io.lb4j.okhttp.resilience.RateLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("socket")
@Timeout(60)
class RateLimitTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static RateLimiterConfig limit(int calls, Duration period, Duration timeout) {
        return RateLimiterConfig.custom()
                .limitForPeriod(calls)
                .limitRefreshPeriod(period)
                .timeoutDuration(timeout)
                .build();
    }

    private static Fleet limited(Admission admission) {
        return Fleet.of(Wire.HTTP_1_1, 1)
                .service(service -> service.withAdmission(admission))
                .start();
    }

    @Test
    void aCallBeyondTheLimitFailsAtOnceAndAsksNoServer() throws IOException {
        RateLimiter limiter = RateLimiter.of("orders", limit(2, LONG, Duration.ZERO));
        try (Fleet fleet = limited(RateLimits.perService(limiter))) {
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            RateLimitedException failure = assertThrows(
                    RateLimitedException.class, () -> fleet.get("/").execute());
            assertEquals("rate limit \"orders\": 2 per PT1H, no room within PT0S", failure.getMessage());
            assertInstanceOf(RequestNotPermitted.class, failure.getCause());
            assertEquals("A 2", fleet.hits());
        }
    }

    @Test
    void anEnqueuedCallIsToldInTheSameWay() throws Exception {
        RateLimiter limiter = RateLimiter.of("orders", limit(1, LONG, Duration.ZERO));
        assertTrue(limiter.acquirePermission());
        try (Fleet fleet = limited(RateLimits.perService(limiter))) {
            CompletableFuture<IOException> failure = new CompletableFuture<>();
            fleet.get("/").enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    failure.complete(e);
                }

                @Override
                public void onResponse(Call call, Response response) {
                    response.close();
                    failure.completeExceptionally(new AssertionError("answered " + response.code()));
                }
            });
            assertInstanceOf(RateLimitedException.class, failure.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aCallWaitsForRoomWithinTheTimeout() throws IOException {
        RateLimiter limiter = RateLimiter.of("orders", limit(1, Duration.ofMillis(200), Duration.ofSeconds(10)));
        try (Fleet fleet = limited(RateLimits.perService(limiter))) {
            long start = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            }
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(400), "two whole periods at least");
        }
    }

    @Test
    void aCallThatIsCancelledStopsWaiting() throws Exception {
        RateLimiter limiter = RateLimiter.of("orders", limit(1, LONG, LONG.multipliedBy(2)));
        assertTrue(limiter.acquirePermission());
        try (Fleet fleet = limited(RateLimits.perService(limiter))) {
            Call call = fleet.get("/");
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return call.execute();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Eventually.equal(-1, limiter.getMetrics()::getAvailablePermissions);
            call.cancel();
            Eventually.equal(true, answer::isCompletedExceptionally);
            assertEquals("A 0", fleet.hits());
        }
    }

    @Test
    void theTimeoutOfTheCallEndsItsWaiting() {
        RateLimiter limiter = RateLimiter.of("orders", limit(1, LONG, LONG.multipliedBy(2)));
        assertTrue(limiter.acquirePermission());
        try (Fleet fleet = limited(RateLimits.perService(limiter))) {
            Call call = fleet.get("/");
            call.timeout().timeout(100, TimeUnit.MILLISECONDS);
            assertThrows(InterruptedIOException.class, call::execute);
        }
    }

    @Test
    void retriesNeedNoFurtherRoom() throws IOException {
        RateLimiter limiter = RateLimiter.of("orders", limit(1, LONG, Duration.ZERO));
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .service(service -> service.withAdmission(RateLimits.perService(limiter)))
                .start()) {
            fleet.server(0).alwaysAnswer(502);
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
        }
    }

    @Test
    void anEndpointAtItsLimitIsPassedOverWhileOthersHaveRoom() throws IOException {
        RateLimiterRegistry registry = RateLimiterRegistry.of(limit(2, LONG, LONG));
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .balancing(builder -> builder.healthTracker(RateLimits.perEndpoint("orders", registry)))
                .start()) {
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            RateLimitedException failure = assertThrows(
                    RateLimitedException.class, () -> fleet.get("/").execute());
            NoEndpointAvailableException cause =
                    assertInstanceOf(NoEndpointAvailableException.class, failure.getCause());
            assertEquals(Reason.RATE_LIMITED, cause.reason());
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void aRetryThatFindsOnlyEndpointsAtTheirLimitsReturnsTheLastAnswer() throws IOException {
        RateLimiterRegistry registry = RateLimiterRegistry.of(limit(1, LONG, LONG));
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .balancing(builder -> builder.healthTracker(RateLimits.perEndpoint("orders", registry)))
                .start()) {
            registry.rateLimiter(RateLimits.name("orders", fleet.server(1).endpoint()))
                    .drainPermissions();
            fleet.server(0).alwaysAnswer(502);
            assertEquals("502 A", fleet.answerTo(fleet.get("/")));
        }
    }

    @Test
    void anAdmissionThatFailsIsAnIoException() {
        try (Fleet fleet = limited(request -> {
            throw new IllegalStateException("out of order");
        })) {
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals(
                    "orders.test: the admission failed, java.lang.IllegalStateException: out of order",
                    failure.getMessage());
        }
    }
}
