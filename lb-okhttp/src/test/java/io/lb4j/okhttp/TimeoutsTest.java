package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The timeouts of a call are those of its tag, else of its service, else of the client. */
@Tag("socket")
@Timeout(60)
class TimeoutsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** What held for each attempt. */
    private final List<String> seen = new ArrayList<>();

    private final Interceptor recorder = chain -> {
        seen.add(chain.connectTimeoutMillis() + " " + chain.writeTimeoutMillis() + " " + chain.readTimeoutMillis());
        return chain.proceed(chain.request());
    };

    private Fleet.Plan plan(Wire wire, int size, Timeouts timeouts) {
        return Fleet.of(wire, size)
                .client(builder -> builder.connectTimeout(Duration.ofMillis(7_000))
                        .writeTimeout(Duration.ofMillis(8_000))
                        .readTimeout(Duration.ofMillis(9_000))
                        .addNetworkInterceptor(recorder))
                .service(service -> service.withTimeouts(timeouts));
    }

    private static Request tagged(Fleet fleet, Timeouts timeouts) {
        return fleet.request("/").tag(Timeouts.class, timeouts).build();
    }

    private static Timeouts all(int millis) {
        Duration value = Duration.ofMillis(millis);
        return Timeouts.none().withConnect(value).withSend(value.plusMillis(1)).withRead(value.plusMillis(2));
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void whatIsNotSetIsTheClients(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 1, Timeouts.none()).start()) {
            fleet.answerTo(fleet.get("/"));
        }
        try (Fleet fleet =
                plan(wire, 1, Timeouts.none().withSend(Duration.ofMillis(5))).start()) {
            fleet.answerTo(fleet.get("/"));
        }
        assertEquals(List.of("7000 8000 9000", "7000 5 9000"), seen);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theTagCountsBeforeTheServicePartByPart(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, 1, all(3_000)).start()) {
            fleet.answerTo(fleet.get("/"));
            fleet.answerTo(fleet.client().newCall(tagged(fleet, Timeouts.none().withRead(Duration.ZERO))));
            fleet.answerTo(fleet.client().newCall(tagged(fleet, all(4_000))));
        }
        assertEquals(List.of("3000 3001 3002", "3000 3001 0", "4000 4001 4002"), seen);
    }

    @Test
    void connectingIsHurriedWhileAnotherEndpointIsUpAndNeverSlowed() throws IOException {
        try (Fleet fleet = plan(Wire.HTTP_1_1, 3, Timeouts.none().withConnect(LONG))
                .service(service -> service.withTimeouts(Timeouts.none().withConnect(LONG))
                        .withConnectTimeout(Duration.ofMillis(2_500)))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            fleet.server(1).alwaysAnswer(503);
            assertEquals("200 C", fleet.answerTo(fleet.get("/")));
            assertEquals(List.of("2500 8000 9000", "2500 8000 9000", "30000 8000 9000"), seen);
            seen.clear();
            fleet.answerTo(fleet.client().newCall(tagged(fleet, Timeouts.none().withConnect(Duration.ofMillis(900)))));
            assertEquals(List.of("900 8000 9000", "900 8000 9000", "900 8000 9000"), seen);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aSilentEndpointTimesOutAndTheTagMayBeMorePatient(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.readTimeout(LONG))
                .service(service -> service.withTimeouts(Timeouts.none().withRead(Duration.ofMillis(200))))
                .start()) {
            fleet.server(0).answerAfter(Duration.ofMillis(700));
            assertThrows(SocketTimeoutException.class, () -> fleet.get("/").execute());
            assertEquals(
                    "200 A",
                    fleet.answerTo(
                            fleet.client().newCall(tagged(fleet, Timeouts.none().withRead(LONG)))));
            assertEquals(List.of("A TIMED_OUT", "A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theDeadlineOfTheCallEndsWhatTheyWouldAllow(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 1)
                .client(builder -> builder.callTimeout(Duration.ofSeconds(1)))
                .service(service -> service.withTimeouts(Timeouts.none().withRead(Duration.ZERO)))
                .start()) {
            fleet.server(0).answerAfter(Duration.ofSeconds(20));
            long start = System.nanoTime();
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertInstanceOf(InterruptedIOException.class, failure);
            assertTrue(System.nanoTime() - start < Duration.ofSeconds(10).toNanos(), "it waited for the answer");
            assertEquals(List.of("A TIMED_OUT"), fleet.reports());
        }
    }

    /** Also of HTTP/1.1 over TLS, where the socket of the handshake goes on being read. */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1, HTTP_1_1", "H2C, H2_PRIOR_KNOWLEDGE", "H2_TLS, HTTP_1_1", "H2_TLS, HTTP_2"})
    void theTimeForConnectingDoesNotCutAnswersThatPause(Wire wire, Protocol protocol) throws IOException {
        List<Protocol> protocols =
                protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol);
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.protocols(protocols))
                .service(service -> service.withConnectTimeout(Duration.ofSeconds(1))
                        .withTimeouts(Timeouts.none().withRead(LONG)))
                .start()) {
            fleet.server(0).answerAfter(Duration.ofMillis(1_400));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    @Test
    void theySayWhatIsSet() {
        Timeouts some = Timeouts.none().withConnect(Duration.ofNanos(1)).withRead(Duration.ZERO);
        assertEquals("timeouts connect 1 ms read unlimited", some.toString());
        assertEquals("timeouts", Timeouts.none().toString());
    }

    @Test
    void badTimesAreRefused() {
        Timeouts none = Timeouts.none();
        assertEquals(
                "connect timeout: PT-1S (expected: 0 to 24 days)",
                assertThrows(IllegalArgumentException.class, () -> none.withConnect(Duration.ofSeconds(-1)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> none.withSend(Duration.ofDays(25)));
        assertThrows(IllegalArgumentException.class, () -> none.withRead(Duration.ofDays(25)));
    }
}
