package io.lb4j.examples.server;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on the loopback interface that answers every request with its name, unless it has a handler.
 *
 * <p>It has a fixed number of workers: when all are busy, requests wait in line, as on a real server. Started, stopped
 * and closed by one thread.
 */
public final class LocalServer implements AutoCloseable {
    static {
        // Read once, by the first server of the process. Without it an answer may wait 40 ms for a delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int USUAL_WORKERS = 4;

    private final String name;
    private final int workers;
    private final HttpHandler handler;
    private final @Nullable SSLContext tls;
    private int port;
    private @Nullable HttpServer http;
    private @Nullable ExecutorService pool;

    private LocalServer(String name, int workers, HttpHandler handler, @Nullable SSLContext tls) {
        this.name = name;
        this.workers = workers;
        this.handler = handler;
        this.tls = tls;
    }

    /** Starts a server that answers at once. */
    public static LocalServer start(String name) throws IOException {
        return start(name, USUAL_WORKERS, uri -> 200);
    }

    /** Starts a server on a free port. */
    public static LocalServer start(String name, int workers, Answer answer) throws IOException {
        return started(new LocalServer(name, workers, named(name, answer), null));
    }

    /** Starts a server on a free port that sees the whole request, and writes the whole answer. */
    public static LocalServer start(String name, HttpHandler handler) throws IOException {
        return started(new LocalServer(name, USUAL_WORKERS, handler, null));
    }

    /** Starts a server that speaks TLS alone and wants to know by a certificate who calls. */
    public static LocalServer startTls(String name, SSLContext identity) throws IOException {
        return started(new LocalServer(name, USUAL_WORKERS, named(name, uri -> 200), identity));
    }

    private static LocalServer started(LocalServer server) throws IOException {
        server.start();
        return server;
    }

    /** Starts it; after a {@link #stop} on the same port. */
    public void start() throws IOException {
        InetSocketAddress address = new InetSocketAddress(LOOPBACK, port);
        HttpServer next = tls == null ? HttpServer.create(address, 0) : secure(address, tls);
        ExecutorService threads =
                Executors.newFixedThreadPool(workers, task -> new Thread(task, "local-server-" + name));
        next.createContext("/", handler);
        next.setExecutor(threads);
        next.start();
        port = next.getAddress().getPort();
        http = next;
        pool = threads;
    }

    private static HttpsServer secure(InetSocketAddress address, SSLContext identity) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    /** Stops it at once, as a crash would: connections break, requests get no answer. */
    public void stop() {
        if (http != null) {
            http.stop(0);
            http = null;
        }
        if (pool != null) {
            pool.shutdownNow();
            pool = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Returns {@code host:port}. */
    public String address() {
        return LOOPBACK.getHostAddress() + ":" + port;
    }

    /** Returns the port; it stays the same over a stop and a start. */
    public int port() {
        return port;
    }

    private static HttpHandler named(String name, Answer answer) {
        return exchange -> {
            try (exchange) {
                byte[] body = name.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.to(exchange.getRequestURI()), body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // stopped: the connection breaks without an answer
            }
        };
    }
}
