package io.lb4j.examples.stacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("socket")
@Timeout(60)
class StacksTest {
    private static final int CALLS = 30;

    /** One call; returns the name of the server that answered. */
    @FunctionalInterface
    private interface Calling {
        @Nullable
        String call(int id) throws IOException;
    }

    /** Three servers; one stops after a third of the calls. No call may fail. */
    private static void callsGoToAllServersThatRun(Function<LoadBalancer, Calling> stack) throws IOException {
        try (LocalServer a = LocalServer.start("a");
                LocalServer b = LocalServer.start("b");
                LocalServer c = LocalServer.start("c");
                LoadBalancer orders = LoadBalancer.builder(
                                "orders",
                                EndpointSource.of(a.address(), b.address(), c.address()),
                                Balancers.roundRobin())
                        .build()) {
            Calling calling = stack.apply(orders);
            assertEquals("{a=10, b=10, c=10}", tally(calling).toString());
            b.stop();
            NavigableMap<String, Integer> without = tally(calling);
            assertEquals("[a, c]", without.keySet().toString());
            assertEquals(
                    CALLS, without.values().stream().mapToInt(Integer::intValue).sum());
        }
    }

    private static NavigableMap<String, Integer> tally(Calling calling) throws IOException {
        NavigableMap<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < CALLS; i++) {
            answers.merge(String.valueOf(calling.call(i)), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void retrofit() throws IOException {
        callsGoToAllServersThatRun(service -> new RetrofitExample(service)::order);
    }

    @Test
    void feign() throws IOException {
        callsGoToAllServersThatRun(service -> new FeignExample(service)::order);
    }

    @Test
    void springRestClient() throws IOException {
        callsGoToAllServersThatRun(service -> new SpringExample(service)::order);
    }

    @Test
    void springSendsBodies() throws IOException {
        try (LocalServer a = LocalServer.start("a");
                LoadBalancer orders = LoadBalancer.builder(
                                "orders", EndpointSource.of(a.address()), Balancers.roundRobin())
                        .build()) {
            assertEquals("a", new SpringExample(orders).place("{\"item\":1}"));
        }
    }

    @Test
    void languageModelsGetRequestsByTheRoomTheyReport() throws IOException {
        try (FakeModel idle = new FakeModel("idle", 0.1);
                FakeModel full = new FakeModel("full", 0.9);
                LanguageModels models = new LanguageModels(EndpointSource.of(idle.address(), full.address()))) {
            for (int i = 0; i < CALLS; i++) {
                String answer = models.ask("Who are you?");
                assertTrue(answer.equals("I am idle.") || answer.equals("I am full."), answer);
            }
            assertEquals(CALLS, idle.asked() + full.asked());
            assertTrue(full.asked() <= 2, full.asked() + " of " + CALLS + " went to the full one");
            assertEquals(0, models.balancer().nodes().get(0).inFlight());
            assertEquals(0, models.balancer().nodes().get(1).inFlight());
        }
    }

    private static MockWebServer chatServer(String name) throws IOException {
        MockResponse upgrade = new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                        boolean ignored = socket.send("welcome to " + name);
                    }

                    @Override
                    public void onClosing(WebSocket socket, int code, String reason) {
                        boolean ignored = socket.close(code, null);
                    }
                })
                .build();
        MockWebServer server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return upgrade;
            }
        });
        server.start();
        return server;
    }

    /** Least requests gives each server the same number of open ones, and a drain waits until they are closed. */
    @Test
    void webSockets() throws Exception {
        try (MockWebServer a = chatServer("a");
                MockWebServer b = chatServer("b");
                LoadBalancer chat = LoadBalancer.builder(
                                "chat",
                                EndpointSource.of("localhost:" + a.getPort(), "localhost:" + b.getPort()),
                                Balancers.leastRequests())
                        .build();
                WebSocketExample example = new WebSocketExample(chat)) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            NavigableMap<String, Integer> welcomes = new TreeMap<>();
            List<WebSocket> open = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                open.add(example.enter(heard::add));
                welcomes.merge(String.valueOf(heard.poll(20, TimeUnit.SECONDS)), 1, Integer::sum);
            }
            assertEquals("{welcome to a=3, welcome to b=3}", welcomes.toString());
            assertEquals(3, chat.nodes().get(0).inFlight());
            CompletableFuture<Integer> drained =
                    chat.drain(chat.nodes().get(0).endpoint().id(), Duration.ofSeconds(30));
            assertFalse(drained.isDone());
            for (WebSocket socket : open) {
                assertTrue(socket.close(1000, "bye"));
            }
            assertEquals(0, drained.get(20, TimeUnit.SECONDS));
        }
    }
}
