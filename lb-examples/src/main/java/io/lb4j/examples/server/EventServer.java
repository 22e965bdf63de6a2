package io.lb4j.examples.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on the loopback interface whose answers are event streams, open until it says goodbye. */
public final class EventServer implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final String name;
    private final HttpServer http;
    private final ExecutorService threads;
    private final CountDownLatch goodbye = new CountDownLatch(1);

    private EventServer(String name) throws IOException {
        this.name = name;
        this.http = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        this.threads = Executors.newCachedThreadPool(task -> new Thread(task, "local-server-" + name));
        http.createContext("/", this::serve);
        http.setExecutor(threads);
    }

    /** Starts it on a free port. */
    public static EventServer start(String name) throws IOException {
        EventServer server = new EventServer(name);
        server.http.start();
        return server;
    }

    /** Returns {@code host:port}. */
    public String address() {
        return LOOPBACK.getHostAddress() + ":" + http.getAddress().getPort();
    }

    /** Ends all streams in order, those that are open and those to come. */
    public void sayGoodbye() {
        goodbye.countDown();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            write(exchange, "hello from " + name);
            goodbye.await();
            write(exchange, "goodbye from " + name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: the connection breaks
        }
    }

    private static void write(HttpExchange exchange, String event) throws IOException {
        exchange.getResponseBody().write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        sayGoodbye();
        http.stop(0);
        threads.shutdownNow();
    }
}
