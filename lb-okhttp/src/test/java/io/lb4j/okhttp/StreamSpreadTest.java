package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Least requests counts what is open, so that long-lived connections spread evenly, also over a server that joins late. */
@Tag("socket")
@Timeout(60)
class StreamSpreadTest {
    private final VirtualTime time = new VirtualTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<TestServer> servers = new ArrayList<>();
    private final MutableEndpointSource source = MutableEndpointSource.pending();
    private LoadBalancer balancer;
    private OkHttpClient client;

    @BeforeEach
    void makeBalancer() {
        balancer = LoadBalancer.builder(Fleet.SERVICE, source, Balancers.leastRequests())
                .ticker(time)
                .scheduler(time)
                .build();
    }

    @AfterEach
    void closeAll() {
        over.countDown();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        balancer.close();
        servers.forEach(TestServer::close);
    }

    private void start(Wire wire, TestServer.Handler handler, int count) {
        for (int i = 0; i < count; i++) {
            servers.add(new TestServer(Character.toString('A' + servers.size()), wire).handle(handler));
        }
        source.set(servers.stream().map(TestServer::endpoint).toList());
        time.advance(Duration.ofSeconds(11)); // the slow start is over
        client = client == null
                ? BalancedClient.wrap(wire.client())
                        .service(Service.of(balancer).withNodeHeader("X-Served-By"))
                        .build()
                : client;
    }

    /** How many are open on each server, in the order of their names. */
    private List<Integer> open() {
        return servers.stream()
                .map(server -> balancer.nodes().find(server.endpoint().id()))
                .map(Node::inFlight)
                .toList();
    }

    // ------------------------------------------------------------------------------------------ WebSockets

    private static final class Chat extends WebSocketListener {
        final CompletableFuture<String> node = new CompletableFuture<>();

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            node.complete(response.header("X-Served-By"));
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            webSocket.close(code, reason);
        }
    }

    private record Opened(String node, WebSocket socket) {}

    private List<Opened> openChats(int count) throws Exception {
        List<Opened> opened = new ArrayList<>();
        Request request = new Request.Builder()
                .url(Wire.HTTP_1_1.url(Fleet.SERVICE, "/chat"))
                .build();
        for (int i = 0; i < count; i++) {
            Chat chat = new Chat();
            WebSocket socket = client.newWebSocket(request, chat);
            opened.add(new Opened(chat.node.get(20, TimeUnit.SECONDS), socket));
        }
        return opened;
    }

    @Test
    void thirtyWebSocketsSpreadEvenlyAndAServerThatJoinsGetsTheNextOnes() throws Exception {
        TestServer.Handler upgrade = request ->
                new MockResponse.Builder().webSocketUpgrade(new Chat()).build();
        start(Wire.HTTP_1_1, upgrade, 3);
        List<Opened> chats = new ArrayList<>(openChats(30));
        assertEquals(List.of(10, 10, 10), open());
        start(Wire.HTTP_1_1, upgrade, 1);
        chats.addAll(openChats(10));
        assertEquals(List.of(10, 10, 10, 10), open());
        String first = servers.get(0).endpoint().id();
        chats.stream()
                .filter(chat -> chat.node().equals(first))
                .forEach(chat -> chat.socket().close(1000, "bye"));
        Eventually.equal(List.of(0, 10, 10, 10), this::open);
        chats.addAll(openChats(6));
        assertEquals(List.of(6, 10, 10, 10), open());
        chats.forEach(chat -> chat.socket().close(1000, "bye"));
        Eventually.equal(List.of(0, 0, 0, 0), this::open);
    }

    // ------------------------------------------------------------------------------------------ streams

    /** One event, then nothing until the test is over. */
    private final class Silent implements MockResponseBody {
        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("data: 1\n\n").flush();
            try {
                boolean ignored = over.await(40, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private List<Response> openStreams(Wire wire, int count) throws IOException {
        List<Response> responses = new ArrayList<>();
        Request request =
                new Request.Builder().url(wire.url(Fleet.SERVICE, "/events")).build();
        for (int i = 0; i < count; i++) {
            Response response = client.newCall(request).execute();
            responses.add(response);
            assertEquals("data: 1", response.body().source().readUtf8LineStrict());
        }
        return responses;
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void eventStreamsSpreadEvenlyThoughTheyShareConnections(Wire wire) throws IOException {
        TestServer.Handler events = request -> new MockResponse.Builder()
                .addHeader("Content-Type", "text/event-stream")
                .body(new Silent())
                .build();
        start(wire, events, 3);
        List<Response> streams = new ArrayList<>(openStreams(wire, 30));
        assertEquals(List.of(10, 10, 10), open());
        int expectedConnections = wire == Wire.HTTP_1_1 ? 30 : 3;
        assertEquals(expectedConnections, client.connectionPool().connectionCount());
        start(wire, events, 1);
        streams.addAll(openStreams(wire, 10));
        assertEquals(List.of(10, 10, 10, 10), open());
        over.countDown();
        streams.forEach(Response::close);
        Eventually.equal(List.of(0, 0, 0, 0), this::open);
    }
}
