package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server of one endpoint that says its own name, unless it is told otherwise; counts what it was asked. */
final class TestServer implements AutoCloseable {
    /** How a server answers; null = by its name. */
    @FunctionalInterface
    interface Handler {
        MockResponse handle(RecordedRequest request) throws InterruptedException;
    }

    private final MockWebServer server = new MockWebServer();
    private final String name;
    private final AtomicInteger hits = new AtomicInteger();
    private volatile Handler handler;

    TestServer(String name, Wire wire) {
        this(name, wire, "127.0.0.1");
    }

    TestServer(String name, Wire wire, String address) {
        this.name = name;
        this.handler = request -> answer(200);
        wire.configure(server);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                hits.incrementAndGet();
                return handler.handle(request);
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

    TestServer alwaysAnswer(int code) {
        return handle(request -> answer(code));
    }

    Endpoint endpoint() {
        return Endpoint.of(
                server.getSocketAddress().getAddress().getHostAddress(),
                server.getSocketAddress().getPort());
    }

    MockWebServer mock() {
        return server;
    }

    int hits() {
        return hits.get();
    }

    @Override
    public void close() {
        server.close();
    }
}
