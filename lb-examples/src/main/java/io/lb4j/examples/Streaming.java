package io.lb4j.examples;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.EventServer;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.Service;
import io.lb4j.okhttp.Timeouts;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.jspecify.annotations.Nullable;

/** Event streams count as long as they are open: least requests spreads them, and a drain waits for them. */
public final class Streaming {
    private static final int STREAMS = 12;

    private final LoadBalancer news;
    private final OkHttpClient client;
    private final Semaphore opened = new Semaphore(0);
    private final Semaphore closed = new Semaphore(0);

    private Streaming(LoadBalancer news) {
        this.news = news;
        Service service = Service.of(news).withTimeouts(Timeouts.none().withRead(Duration.ZERO)); // it may be silent
        this.client = BalancedClient.wrap(new OkHttpClient()).service(service).build();
    }

    /** Shows how many streams are open on each server while one of them is drained. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException, InterruptedException {
        try (EventServer a = EventServer.start("a");
                EventServer b = EventServer.start("b");
                EventServer c = EventServer.start("c");
                LoadBalancer news = LoadBalancer.builder("news", source(a, b, c), Balancers.leastRequests())
                        .build()) {
            new Streaming(news).show(a, out);
        }
    }

    private static EndpointSource source(EventServer a, EventServer b, EventServer c) {
        return EndpointSource.of(
                Endpoint.parse(a.address()).withId("a"),
                Endpoint.parse(b.address()).withId("b"),
                Endpoint.parse(c.address()).withId("c"));
    }

    private void show(EventServer a, PrintStream out) throws InterruptedException {
        openStreams(STREAMS);
        out.println("open streams:    " + inFlight());

        CompletableFuture<Integer> drained = news.drain("a", Duration.ofSeconds(20));
        out.println("a is drained:    " + (drained.isDone() ? "already" : "not while its streams are open"));

        int toClose = inFlightOf("a");
        a.sayGoodbye(); // as a server does that is about to stop
        closed.acquire(toClose);
        out.println("a has finished:  " + drained.join() + " streams left");

        openStreams(toClose); // their readers come back
        out.println("open streams:    " + inFlight());
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** One after the other: the choice for the next depends on what is open already. */
    private void openStreams(int count) throws InterruptedException {
        Request request = new Request.Builder().url("http://news/events").build();
        EventSource.Factory streams = EventSources.createFactory(client);
        for (int i = 0; i < count; i++) {
            EventSource ignored = streams.newEventSource(request, new EventSourceListener() {
                @Override
                public void onEvent(EventSource source, @Nullable String id, @Nullable String type, String data) {
                    if (data.startsWith("hello")) {
                        opened.release();
                    }
                }

                @Override
                public void onClosed(EventSource source) {
                    closed.release();
                }
            });
            opened.acquire();
        }
    }

    private int inFlightOf(String id) {
        return inFlight().getOrDefault(id, 0);
    }

    private Map<String, Integer> inFlight() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : news.nodes()) {
            counts.put(node.endpoint().id(), node.inFlight());
        }
        return counts;
    }
}
