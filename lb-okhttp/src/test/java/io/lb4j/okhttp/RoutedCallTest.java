package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.ORDERS;
import static io.lb4j.okhttp.Shop.USERS;
import static io.lb4j.okhttp.Shop.byPath;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets, and interceptors that make another request of one, go through the rules too. */
@Tag("socket")
@Timeout(60)
class RoutedCallTest {
    @Test
    void webSocketsAreRouted() throws Exception {
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, ORDERS, USERS).router(byPath()).start()) {
            shop.server(USERS)
                    .handle(request -> new MockResponse.Builder()
                            .webSocketUpgrade(new WebSocketListener() {
                                @Override
                                public void onOpen(WebSocket webSocket, Response response) {
                                    webSocket.send("hello");
                                    webSocket.close(1000, null);
                                }
                            })
                            .build());
            CompletableFuture<String> heard = new CompletableFuture<>();
            WebSocket socket = shop.client()
                    .newWebSocket(shop.request("/users/chat").build(), new WebSocketListener() {
                        @Override
                        public void onMessage(WebSocket webSocket, String text) {
                            heard.complete(text);
                        }

                        @Override
                        public void onClosing(WebSocket webSocket, int code, String reason) {
                            webSocket.close(1000, null);
                        }

                        @Override
                        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
                            heard.completeExceptionally(failure);
                        }
                    });
            assertEquals("hello", heard.get());
            socket.close(1000, null);
            Eventually.equal(0, shop::inFlight);
        }
    }

    /** OkHttp calls no network interceptor for a WebSocket, so nothing hides the redirect from it. */
    @Test
    void aRedirectOfAWebSocketIsLookedUpInTheDns() {
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, ORDERS, USERS).router(byPath()).start()) {
            shop.server(USERS)
                    .handle(request -> new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", "http://orders.test/")
                            .build());
            CompletableFuture<String> failed = new CompletableFuture<>();
            WebSocket ignored = shop.client()
                    .newWebSocket(shop.request("/users/chat").build(), new WebSocketListener() {
                        @Override
                        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
                            failed.complete(failure.getClass().getSimpleName());
                        }
                    });
            assertEquals("UnknownHostException", failed.join());
            assertEquals(0, shop.server(ORDERS).hits());
            Eventually.equal(0, shop::inFlight);
        }
    }

    @Test
    void anInterceptorThatProceedsTwiceIsRoutedTwice() throws IOException {
        UnaryOperator<OkHttpClient.Builder> retrying = builder -> builder.addInterceptor(chain -> {
            Response first = chain.proceed(chain.request());
            first.close();
            return chain.proceed(chain.request()
                    .newBuilder()
                    .url(chain.request().url().resolve("/users"))
                    .build());
        });
        try (Shop shop =
                new Shop(Wire.H2C, 1, retrying, ORDERS, USERS).router(byPath()).start()) {
            assertEquals("200 users.test", shop.answerTo(shop.get("/orders")));
            assertEquals(1, shop.server(ORDERS).hits());
            assertEquals(0, shop.inFlight());
        }
    }

    /** What was known of the first request does not count for the second: its redirects are OkHttp's again. */
    @Test
    void anInterceptorThatProceedsToAnUnroutedServiceIsNotRouted() throws IOException {
        UnaryOperator<OkHttpClient.Builder> retrying = builder -> builder.addInterceptor(chain -> {
            chain.proceed(chain.request()).close();
            return chain.proceed(
                    chain.request().newBuilder().url("http://users.test/first").build());
        });
        try (Shop shop = new Shop(Wire.HTTP_1_1, 2, retrying, ORDERS, USERS)
                .router(byPath())
                .start()) {
            TestServer users = shop.server(USERS, 0);
            users.handle(request -> request.getTarget().equals("/first")
                    ? new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", "/last")
                            .build()
                    : users.answer(200));
            Call call = shop.get("/orders");
            assertEquals("200 users.test0", shop.answerTo(call));
            assertEquals(2, call.tag(BalancedCall.class).attempts().size());
            assertNull(call.tag(BalancedCall.class).rule());
            assertEquals(0, shop.inFlight());
        }
    }
}
