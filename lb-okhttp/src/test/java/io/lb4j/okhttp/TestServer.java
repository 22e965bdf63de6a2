package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server of one endpoint that says its own name, unless it is told otherwise; counts what it was asked. */
final class TestServer implements AutoCloseable {
    /** How a server answers. */
    @FunctionalInterface
    interface Handler {
        MockResponse handle(RecordedRequest request) throws InterruptedException;
    }

    /** Held, so that its level stays: the servers log each connection that a test breaks. */
    private static final Logger OKHTTP = Logger.getLogger("okhttp3.OkHttpClient");

    private static final Logger MOCK = Logger.getLogger(MockWebServer.class.getName());

    static {
        OKHTTP.setLevel(Level.WARNING);
        MOCK.setLevel(Level.SEVERE);
    }

    private final MockWebServer server = new MockWebServer();
    private final NoDelayServerSockets sockets = new NoDelayServerSockets();
    private final String name;
    private final AtomicInteger hits = new AtomicInteger();
    private volatile Handler handler;
    private volatile MockResponse effects = new MockResponse.Builder().build();

    TestServer(String name, Wire wire) {
        this(name, wire, "127.0.0.1");
    }

    TestServer(String name, Wire wire, String address) {
        this.name = name;
        this.handler = request -> answer(200);
        server.setServerSocketFactory(sockets);
        wire.configure(server);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                hits.incrementAndGet();
                return handler.handle(request);
            }

            @Override
            public MockResponse peek() {
                return effects;
            }
        });
        try {
            server.start(InetAddress.getByName(address), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    MockResponse answer(int code) {
        return new MockResponse.Builder().code(code).body(name).build();
    }

    TestServer handle(Handler how) {
        handler = how;
        return this;
    }

    /** Sets what happens to the socket or stream of each request; only the effects of the response are used. */
    TestServer effects(MockResponse response) {
        effects = response;
        return this;
    }

    TestServer alwaysAnswer(int code) {
        return handle(request -> answer(code));
    }

    /** The head of each answer takes so long. */
    TestServer answerAfter(Duration delay) {
        return handle(request -> answer(200)
                .newBuilder()
                .headersDelay(delay.toMillis(), TimeUnit.MILLISECONDS)
                .build());
    }

    /** The head of each answer comes at once, and one byte of the body an hour. */
    TestServer answerByteByByte() {
        return handle(request -> answer(200)
                .newBuilder()
                .body("0123456789")
                .throttleBody(1, 1, TimeUnit.HOURS)
                .build());
    }

    Endpoint endpoint() {
        return Endpoint.of(
                server.getSocketAddress().getAddress().getHostAddress(),
                server.getSocketAddress().getPort());
    }

    String name() {
        return name;
    }

    MockWebServer mock() {
        return server;
    }

    /** How many connections are open. */
    int connections() {
        return sockets.open();
    }

    int connectionsEver() {
        return sockets.ever();
    }

    int hits() {
        return hits.get();
    }

    @Override
    public void close() {
        server.close();
    }
}
