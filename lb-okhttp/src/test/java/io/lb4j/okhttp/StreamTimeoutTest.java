package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which timeouts end a stream that is silent for a while. */
@Tag("socket")
@Timeout(60)
class StreamTimeoutTest {
    private static final long SILENCE_MILLIS = 1_500;
    /** Of what must not end: long enough to connect on a busy machine. */
    private static final Duration SHORT = Duration.ofSeconds(1);
    /** Of what must end. */
    private static final Duration SHORTER = Duration.ofMillis(400);

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private static Fleet fleet(Wire wire, Duration call, Duration read) {
        return Fleet.of(wire, 1)
                .client(builder -> builder.callTimeout(call))
                .service(service -> service.withTimeouts(Timeouts.none().withRead(read)))
                .start();
    }

    private static void streaming(Fleet fleet) {
        fleet.server(0)
                .handle(request -> new MockResponse.Builder()
                        .addHeader("Content-Type", "text/event-stream")
                        .bodyDelay(SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .body("data: late\n\n")
                        .build());
    }

    private static String read(Fleet fleet) throws IOException {
        try (Response response = fleet.get("/").execute()) {
            return response.body().string();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aSilentStreamOutlivesAReadTimeoutOfZeroOnly(Wire wire) throws IOException {
        try (Fleet fleet = fleet(wire, Duration.ZERO, Duration.ZERO)) {
            streaming(fleet);
            assertEquals("data: late\n\n", read(fleet));
        }
        try (Fleet fleet = fleet(wire, Duration.ZERO, SHORTER)) {
            streaming(fleet);
            assertThrows(SocketTimeoutException.class, () -> read(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theDeadlineOfAPlainCallCoversItsBody(Wire wire) {
        try (Fleet fleet = fleet(wire, SHORTER, Duration.ZERO)) {
            streaming(fleet);
            assertThrows(InterruptedIOException.class, () -> read(fleet));
            Eventually.equal(0, fleet::inFlight);
        }
    }

    @Test
    void thatOfAnEventSourceEndsWithTheHeaders() throws Exception {
        try (Fleet fleet = fleet(Wire.H2_TLS, SHORT, Duration.ZERO)) {
            streaming(fleet);
            EventSources.createFactory(fleet.client())
                    .newEventSource(fleet.request("/").build(), new EventSourceListener() {
                        @Override
                        public void onEvent(EventSource source, String id, String type, String data) {
                            events.add(data);
                        }

                        @Override
                        public void onFailure(EventSource source, Throwable failure, Response response) {
                            events.add("failed: " + failure);
                        }
                    });
            assertEquals("late", events.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aWebSocketHasNeitherOnceItIsOpen() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1, SHORT, SHORT)) {
            WebSocketListener server = new WebSocketListener() {
                @Override
                public void onOpen(WebSocket socket, Response response) {
                    CompletableFuture.delayedExecutor(SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                            .execute(() -> socket.send("late"));
                }

                @Override
                public void onClosing(WebSocket socket, int code, String reason) {
                    socket.close(code, reason);
                }
            };
            fleet.server(0)
                    .handle(request ->
                            new MockResponse.Builder().webSocketUpgrade(server).build());
            WebSocket socket = fleet.client().newWebSocket(fleet.request("/").build(), new WebSocketListener() {
                @Override
                public void onMessage(WebSocket webSocket, String text) {
                    events.add(text);
                }

                @Override
                public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
                    events.add("failed: " + failure);
                }
            });
            assertEquals("late", events.poll(20, TimeUnit.SECONDS));
            socket.close(1000, "bye");
            Eventually.equal(0, fleet::inFlight);
        }
    }
}
