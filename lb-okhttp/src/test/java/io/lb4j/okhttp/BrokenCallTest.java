package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that is cancelled, runs out of time or breaks gives its slot back, and blames who is to blame. */
@Tag("socket")
@Timeout(60)
class BrokenCallTest {
    private static final int LARGE = 1 << 20;

    /** 10 kB at once, then silence for a long time. */
    private static MockResponse stalling() {
        return new MockResponse.Builder()
                .body("x".repeat(LARGE))
                .throttleBody(10_000, 1, TimeUnit.HOURS)
                .build();
    }

    private static MockResponse cutShort() {
        return new MockResponse.Builder()
                .body("x".repeat(LARGE))
                .onResponseBody(new SocketEffect.CloseSocket())
                .build();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cancelBeforeTheHeadersBlamesNobody(Wire wire) {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            CountDownLatch asked = new CountDownLatch(1);
            fleet.server(0).handle(request -> {
                asked.countDown();
                return new MockResponse.Builder()
                        .headersDelay(1, TimeUnit.HOURS)
                        .build();
            });
            Call call = fleet.get("/");
            cancelAfter(asked, call);
            assertThrows(IOException.class, call::execute);
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A CANCELLED"), fleet.reports());
            assertEquals(
                    RetryDecision.CANCELED,
                    call.tag(BalancedCall.class).attempts().get(0).decision());
        }
    }

    private static void cancelAfter(CountDownLatch latch, Call call) {
        new Thread(() -> {
                    await(latch);
                    call.cancel();
                })
                .start();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cancelWhileReadingBlamesNobody(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> stalling());
            Call call = fleet.get("/");
            try (Response response = call.execute()) {
                call.cancel();
                assertEquals(0, fleet.inFlight());
                assertThrows(IOException.class, () -> response.body().bytes());
            }
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void callTimeoutBeforeTheHeadersCountsAgainstTheEndpointThatTookTheTime(Wire wire) {
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.callTimeout(Duration.ofMillis(500)))
                .start()) {
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder()
                            .headersDelay(1, TimeUnit.HOURS)
                            .build());
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals("timeout", failure.getMessage());
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A TIMED_OUT"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void callTimeoutWhileReadingEndsIt(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.callTimeout(Duration.ofMillis(500)))
                .start()) {
            fleet.server(0).handle(request -> stalling());
            try (Response response = fleet.get("/").execute()) {
                assertThrows(IOException.class, () -> response.body().bytes());
            }
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void readTimeoutWithinTheBodyCountsAgainstTheEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.readTimeout(Duration.ofMillis(300)))
                .start()) {
            fleet.server(0).handle(request -> stalling());
            try (Response response = fleet.get("/").execute()) {
                assertThrows(IOException.class, () -> response.body().bytes());
            }
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS", "A TIMED_OUT"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodyCutShortCountsAgainstTheEndpoint(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            fleet.server(0).handle(request -> cutShort());
            try (Response response = fleet.get("/").execute()) {
                assertThrows(IOException.class, () -> response.body().bytes());
            }
            assertEquals(0, fleet.inFlight());
            assertEquals(List.of("A SUCCESS", "A FAILURE"), fleet.reports());
        }
    }
}
