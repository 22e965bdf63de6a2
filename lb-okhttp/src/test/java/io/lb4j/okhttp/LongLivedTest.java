package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.Okio;
import okio.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets, event streams and duplex calls are in flight for their whole life, and a drain waits for them. */
@Tag("socket")
@Timeout(60)
class LongLivedTest {
    /** One end of a WebSocket: what happened to it, in order. */
    private static final class Peer extends WebSocketListener {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
        private final boolean answersClose;

        Peer(boolean answersClose) {
            this.answersClose = answersClose;
        }

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            socket.complete(webSocket);
            events.add("open");
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            if (text.equals("die")) {
                throw new IllegalStateException("drops the connection");
            }
            events.add(text);
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            if (answersClose) {
                webSocket.close(code, reason);
            }
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            events.add("closed");
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
            events.add("failed");
        }

        String next() throws InterruptedException {
            return events.poll(20, TimeUnit.SECONDS);
        }
    }

    /** An open WebSocket to server A. */
    private static final class Pair implements AutoCloseable {
        final Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start();
        final Peer client = new Peer(true);
        final Peer server;
        final WebSocket socket;

        Pair(boolean serverAnswersClose) throws InterruptedException {
            server = new Peer(serverAnswersClose);
            fleet.server(0)
                    .handle(request ->
                            new MockResponse.Builder().webSocketUpgrade(server).build());
            socket = fleet.client().newWebSocket(fleet.request("/chat").build(), client);
            assertEquals("open", client.next());
            assertEquals("open", server.next());
            assertEquals(1, fleet.inFlight());
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }

        void assertEnded(String... reports) {
            Eventually.equal(0, fleet::inFlight);
            assertEquals(List.of(reports), fleet.reports());
        }

        @Override
        public void close() {
            fleet.close();
        }
    }

    @Test
    void webSocketClosedByTheClient() throws Exception {
        try (Pair pair = new Pair(true)) {
            pair.socket.send("hello");
            assertEquals("hello", pair.server.next());
            assertEquals(1, pair.fleet.inFlight());
            pair.socket.close(1000, "bye");
            assertEquals("closed", pair.client.next());
            pair.assertEnded("A SUCCESS");
        }
    }

    @Test
    void webSocketClosedByTheServer() throws Exception {
        try (Pair pair = new Pair(true)) {
            pair.server.socket.get().close(1000, "bye");
            assertEquals("closed", pair.client.next());
            pair.assertEnded("A SUCCESS");
        }
    }

    @Test
    void webSocketCancelledByTheClientBlamesNobody() throws Exception {
        try (Pair pair = new Pair(true)) {
            pair.socket.cancel();
            assertEquals("failed", pair.client.next());
            pair.assertEnded("A SUCCESS");
        }
    }

    @Test
    void webSocketDroppedByTheServer() throws Exception {
        try (Pair pair = new Pair(true)) {
            pair.socket.send("die");
            assertEquals("failed", pair.client.next());
            pair.assertEnded("A SUCCESS"); // to OkHttp the end of the stream is no failure
        }
    }

    @Test
    void webSocketWhosePeerNeverAnswersTheCloseStaysInFlightUntilItIsCancelled() throws Exception {
        try (Pair pair = new Pair(false)) {
            pair.socket.close(1000, "bye");
            assertEquals(1, pair.fleet.inFlight());
            pair.socket.cancel();
            pair.assertEnded("A SUCCESS");
            pair.server.socket.get().close(1000, "at last, so that the server can stop");
        }
    }

    @Test
    void refusedUpgradeIsTriedOnAnotherEndpoint() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2).start()) {
            Peer server = new Peer(true);
            Peer client = new Peer(true);
            fleet.server(0).alwaysAnswer(503);
            fleet.server(1)
                    .handle(request ->
                            new MockResponse.Builder().webSocketUpgrade(server).build());
            WebSocket socket =
                    fleet.client().newWebSocket(fleet.request("/chat").build(), client);
            assertEquals("open", client.next());
            assertEquals("A 1, B 1", fleet.hits());
            assertEquals(1, fleet.inFlight());
            socket.close(1000, "bye");
            Eventually.equal(0, fleet::inFlight);
        }
    }

    @Test
    void drainWaitsForAWebSocket() throws Exception {
        try (Pair pair = new Pair(true)) {
            CompletableFuture<Integer> drained = pair.fleet
                    .loadBalancer()
                    .drain(pair.fleet.server(0).endpoint().id(), Duration.ofMinutes(5));
            assertFalse(drained.isDone());
            pair.socket.close(1000, "bye");
            assertEquals(0, drained.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void drainEndsAtItsDeadlineAndSaysWhatIsLeft() throws Exception {
        try (Pair pair = new Pair(true)) {
            CompletableFuture<Integer> drained = pair.fleet
                    .loadBalancer()
                    .drain(pair.fleet.server(0).endpoint().id(), Duration.ofMillis(300));
            assertEquals(1, drained.get(20, TimeUnit.SECONDS));
        }
    }

    // ------------------------------------------------------------------------------------------ streams

    @ParameterizedTest
    @EnumSource(Wire.class)
    void eventStreamIsInFlightUntilItEnds(Wire wire) throws Exception {
        try (Fleet fleet = Fleet.of(wire, 1).start()) {
            CountDownLatch more = new CountDownLatch(1);
            fleet.server(0)
                    .handle(request -> new MockResponse.Builder()
                            .addHeader("Content-Type", "text/event-stream")
                            .chunkedBody("data: 1\n\ndata: 2\n\n", 9)
                            .throttleBody(20, 300, TimeUnit.MILLISECONDS)
                            .build());
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            EventSources.createFactory(fleet.client())
                    .newEventSource(fleet.request("/events").build(), new EventSourceListener() {
                        @Override
                        public void onEvent(EventSource source, String id, String type, String data) {
                            events.add(data + " while " + fleet.inFlight() + " in flight");
                        }

                        @Override
                        public void onClosed(EventSource source) {
                            more.countDown();
                        }
                    });
            assertEquals("1 while 1 in flight", events.poll(20, TimeUnit.SECONDS));
            assertTrue(more.await(20, TimeUnit.SECONDS));
            Eventually.equal(0, fleet::inFlight);
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"H2C", "H2_TLS"})
    void duplexCallIsInFlightUntilBothSidesAreDone(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            DuplexBody body = new DuplexBody();
            MockResponse answer = new MockResponse.Builder()
                    .clearHeaders()
                    .socketHandler(LongLivedTest::answerThenRead)
                    .build();
            fleet.server(0).effects(answer).handle(received -> answer);
            Request request = fleet.request("/").post(body).build();
            try (Response response = fleet.client().newCall(request).execute()) {
                assertEquals("A", response.body().string());
                assertEquals(1, fleet.inFlight());
                body.sink.writeUtf8("more").close();
                Eventually.equal(0, fleet::inFlight);
            }
            assertEquals(List.of("A SUCCESS"), fleet.reports());
        }
    }

    /** What a server does in a duplex call. */
    static void answerThenRead(Socket socket) {
        try (BufferedSink sink = Okio.buffer(socket.getSink())) {
            sink.writeUtf8("A");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (BufferedSource source = Okio.buffer(socket.getSource())) {
            source.readUtf8();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives what it writes to into other hands. */
    static final class DuplexBody extends RequestBody {
        BufferedSink sink;

        @Override
        public MediaType contentType() {
            return null;
        }

        @Override
        public boolean isDuplex() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink requestSink) {
            sink = requestSink;
        }
    }
}
