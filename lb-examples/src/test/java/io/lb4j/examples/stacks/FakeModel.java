package io.lb4j.examples.stacks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that speaks the streamed form of chat completions, and reports how full its cache is. */
final class FakeModel implements AutoCloseable {
    private static final String CHUNK = """
            data: {"id":"1","object":"chat.completion.chunk","created":0,"model":"llama",\
            "choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}

            """;

    private final String name;
    private final double cacheUsed;
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer http;

    FakeModel(String name, double cacheUsed) throws IOException {
        this.name = name;
        this.cacheUsed = cacheUsed;
        System.setProperty("sun.net.httpserver.nodelay", "true");
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/v1/chat/completions", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            boolean streamed = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    .replace(" ", "")
                    .contains("\"stream\":true");
            boolean reports = exchange.getRequestHeaders().containsKey("endpoint-load-metrics-format");
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            if (reports) {
                exchange.getResponseHeaders()
                        .set("endpoint-load-metrics", "TEXT named_metrics.kv_cache_usage_perc=" + cacheUsed);
            }
            exchange.sendResponseHeaders(streamed ? 200 : 400, 0);
            OutputStream out = exchange.getResponseBody();
            for (String word : new String[] {"I am ", name, "."}) {
                out.write(CHUNK.formatted(word).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    String address() {
        return InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + http.getAddress().getPort();
    }

    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
