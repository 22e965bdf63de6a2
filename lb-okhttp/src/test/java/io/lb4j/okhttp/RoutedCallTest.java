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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets, and interceptors that make another request of one, go through the rules too. */
@Tag("socket")
@Timeout(60)
class RoutedCallTest {
    @ParameterizedTest
    @EnumSource(value = Wire.class, names = "H2C", mode = EnumSource.Mode.EXCLUDE) // OkHttp upgrades HTTP/1.1 alone
    void webSocketsAreRouted(Wire wire) throws Exception {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
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
    @ParameterizedTest
    @EnumSource(value = Wire.class, names = "H2C", mode = EnumSource.Mode.EXCLUDE) // OkHttp upgrades HTTP/1.1 alone
    void aRedirectOfAWebSocketIsLookedUpInTheDns(Wire wire) {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
            shop.server(USERS)
                    .handle(request -> new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", shop.url(ORDERS, "/"))
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

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anInterceptorThatProceedsTwiceIsRoutedTwice(Wire wire) throws IOException {
        UnaryOperator<OkHttpClient.Builder> retrying = builder -> builder.addInterceptor(chain -> {
            Response first = chain.proceed(chain.request());
            first.close();
            return chain.proceed(chain.request()
                    .newBuilder()
                    .url(chain.request().url().resolve("/users"))
                    .build());
        });
        try (Shop shop =
                new Shop(wire, 1, retrying, ORDERS, USERS).router(byPath()).start()) {
            assertEquals("200 users.test", shop.answerTo(shop.get("/orders")));
            assertEquals(1, shop.server(ORDERS).hits());
            assertEquals(0, shop.inFlight());
        }
    }

    /** What was known of the first request does not count for the second: its redirects are OkHttp's again. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void anInterceptorThatProceedsToAnUnroutedServiceIsNotRouted(Wire wire) throws IOException {
        UnaryOperator<OkHttpClient.Builder> retrying = builder -> builder.addInterceptor(chain -> {
            chain.proceed(chain.request()).close();
            return chain.proceed(
                    chain.request().newBuilder().url(wire.url(USERS, "/first")).build());
        });
        try (Shop shop =
                new Shop(wire, 2, retrying, ORDERS, USERS).router(byPath()).start()) {
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
