package io.lb4j.okhttp;

import static io.lb4j.okhttp.routing.Actions.redirect;
import static io.lb4j.okhttp.routing.Actions.reject;
import static io.lb4j.okhttp.routing.Actions.respond;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.any;
import static io.lb4j.okhttp.routing.Conditions.clientIn;
import static io.lb4j.okhttp.routing.Conditions.cookie;
import static io.lb4j.okhttp.routing.Conditions.header;
import static io.lb4j.okhttp.routing.Conditions.jsonBody;
import static io.lb4j.okhttp.routing.Conditions.method;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.routing.Keys;
import io.lb4j.okhttp.routing.Router;
import io.lb4j.okhttp.routing.RoutingException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that a router sends to services: what servers and callers see. */
@Tag("socket")
@Timeout(60)
class RoutingTest {
    private static final String ORDERS = "orders.test";
    private static final String USERS = "users.test";
    private static final String NEXT = "next.test";
    private static final MediaType JSON = MediaType.get("application/json");

    @TempDir
    private Path folder;

    private static Router.Builder shop() {
        return Router.builder(Shop.HOST);
    }

    private static Router byPath() {
        return shop().rule("orders", pathPrefix("/orders"), to(ORDERS))
                .rule("users", pathPrefix("/users"), to(USERS))
                .build();
    }

    // ------------------------------------------------------------------------------------------ to services

    @ParameterizedTest
    @EnumSource(Wire.class)
    void firstRuleThatMatchesChoosesTheServiceAndTheUrlStays(Wire wire) throws Exception {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
            Call call = shop.get("/users/7?x=1");
            try (Response response = call.execute()) {
                assertEquals(USERS, response.body().string());
                assertEquals(shop.url("/users/7?x=1"), response.request().url().toString());
            }
            RecordedRequest seen = shop.server(USERS).mock().takeRequest();
            assertEquals(shop.url("/users/7?x=1"), seen.getUrl().toString());
            BalancedCall decided = call.tag(BalancedCall.class);
            assertEquals(USERS, decided.service());
            assertEquals("users", decided.rule());
            assertTrue(decided.toString().startsWith("users.test by rule users: 127.0.0.1:"), decided::toString);
            assertEquals("200 orders.test", shop.answerTo(shop.get("/orders")));
            assertEquals(0, shop.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void retriesStayWithinTheServiceChosen(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 2, ORDERS, USERS).router(byPath()).start()) {
            shop.server(ORDERS, 0).alwaysAnswer(503);
            assertEquals("200 orders.test1", shop.answerTo(shop.get("/orders")));
            shop.server(ORDERS, 1).alwaysAnswer(503);
            assertEquals("503 orders.test1", shop.answerTo(shop.get("/orders")));
            assertEquals(0, shop.server(USERS, 0).hits() + shop.server(USERS, 1).hits());
            assertEquals(0, shop.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void routeHasItsOwnTimeoutsUnlessTheCallHas(Wire wire) throws IOException {
        Timeouts brief = Timeouts.none().withRead(Duration.ofMillis(200));
        Timeouts patient = Timeouts.none().withRead(Duration.ofSeconds(30));
        Router router = shop().rule("brief", pathPrefix("/brief"), to(ORDERS).withTimeouts(brief))
                .otherwise(to(ORDERS))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS).router(router).start()) {
            shop.server(ORDERS)
                    .handle(request -> shop.server(ORDERS)
                            .answer(200)
                            .newBuilder()
                            .headersDelay(700, TimeUnit.MILLISECONDS)
                            .build());
            assertThrows(SocketTimeoutException.class, () -> shop.answerTo(shop.get("/brief")));
            assertEquals("200 orders.test", shop.answerTo(shop.get("/other")));
            assertEquals("200 orders.test", shop.answerTo(shop.request("/brief").tag(Timeouts.class, patient)));
        }
    }

    /** Both services have the same host in their URLs, so only the address may tell their connections apart. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void servicesUnderOneHostShareNoConnection(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
            for (int i = 0; i < 20; i++) {
                assertEquals("200 orders.test", shop.answerTo(shop.get("/orders")));
                assertEquals("200 users.test", shop.answerTo(shop.get("/users")));
            }
            assertEquals(1, shop.server(ORDERS).connectionsEver());
            assertEquals(1, shop.server(USERS).connectionsEver());
        }
    }

    @Test
    void routerMayHaveTheNameOfOneOfItsServices() throws IOException {
        Router canary = Router.builder(ORDERS)
                .rule("canary", header("X-Canary"), to(NEXT))
                .otherwise(to(ORDERS))
                .build();
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS, NEXT).router(canary).start()) {
            Request.Builder request = new Request.Builder().url(shop.url(ORDERS, "/"));
            assertEquals("200 orders.test", shop.answerTo(request));
            assertEquals("200 next.test", shop.answerTo(request.header("X-Canary", "1")));
        }
    }

    @Test
    void wildcardHostsAreRoutedAndOtherHostsAreNot() throws IOException {
        Router tenants = Router.builder("*.tenants.test").otherwise(to(ORDERS)).build();
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS).router(tenants).start()) {
            for (int i = 0; i < 100; i++) {
                Request.Builder request = new Request.Builder().url("http://t" + i + ".a.tenants.test/");
                assertEquals("200 orders.test", shop.answerTo(request));
            }
            Call apex = shop.client()
                    .newCall(new Request.Builder().url("http://tenants.test/").build());
            assertThrows(IOException.class, apex::execute);
            assertNull(apex.tag(BalancedCall.class));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"HTTP_1_1", "H2C"})
    void servicesInRewriteModeAreRoutedToo(Wire wire) throws Exception {
        try (TestServer server = new TestServer("A", wire);
                LoadBalancer balancer = LoadBalancer.builder(
                                ORDERS, EndpointSource.of(server.endpoint()), Fleet.IN_ORDER)
                        .build()) {
            OkHttpClient client = BalancedClient.wrap(wire.client())
                    .service(Service.of(balancer).withRewrite())
                    .router(shop().otherwise(to(ORDERS)).build())
                    .build();
            try (Response response = client.newCall(
                            new Request.Builder().url(wire.url(Shop.HOST, "/x")).build())
                    .execute()) {
                assertEquals("A", response.body().string());
                assertEquals(wire.url(Shop.HOST, "/x"), response.request().url().toString());
            }
            assertEquals(
                    server.endpoint().port(),
                    server.mock().takeRequest().getUrl().port());
            client.connectionPool().evictAll();
        }
    }

    // ------------------------------------------------------------------------------------------ without a server

    @Test
    void whatNoRuleMatchesFailsAndNamesRouterAndPath() throws Exception {
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, ORDERS, USERS).router(byPath()).start()) {
            Call call = shop.get("/ordersx");
            RoutingException failure = assertThrows(RoutingException.class, call::execute);
            assertEquals(
                    "router shop.test: no rule matches GET /ordersx, and there is no otherwise(...)",
                    failure.getMessage());
            CompletableFuture<IOException> enqueued = new CompletableFuture<>();
            call.clone().enqueue(new Callback() {
                @Override
                public void onFailure(Call ignored, IOException e) {
                    enqueued.complete(e);
                }

                @Override
                public void onResponse(Call ignored, Response response) {
                    response.close();
                    enqueued.complete(null);
                }
            });
            assertEquals(failure.getMessage(), enqueued.get().getMessage());
            assertEquals(0, shop.server(ORDERS).hits());
        }
    }

    @Test
    void fixedAnswersAndRejectionsAskNoServer() throws IOException {
        Router router = shop().rule("ping", pathPrefix("/ping"), respond(200, "text/plain", "pong"))
                .rule("admin", pathPrefix("/admin"), reject("not from here"))
                .rule("broken", pathPrefix("/broken"), to(ORDERS))
                .onAmbiguousPath(respond(400))
                .otherwise(respond(404))
                .build();
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS).router(router).start()) {
            Call ping = shop.get("/ping");
            assertEquals("200 pong", shop.answerTo(ping));
            assertEquals("by rule ping", ping.tag(BalancedCall.class).toString());
            assertEquals("404 ", shop.answerTo(shop.get("/")));
            assertEquals("400 ", shop.answerTo(shop.get("/broken/..%2fadmin")));
            RoutingException failure = assertThrows(
                    RoutingException.class, () -> shop.get("/%61dmin/x").execute());
            assertEquals(RoutingException.Reason.REJECTED, failure.reason());
            assertEquals("rule admin rejects GET /admin/x: not from here", failure.getMessage());
            assertEquals(0, shop.server(ORDERS).hits());
        }
    }

    @Test
    void aConditionThatThrowsFailsTheCallAndNamesTheRule() throws IOException {
        Router router = shop().rule("mine", call -> Integer.parseInt("x") > 0, to(ORDERS))
                .build();
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS).router(router).start()) {
            IOException failure =
                    assertThrows(IOException.class, () -> shop.get("/").execute());
            assertTrue(failure.getMessage().startsWith("router shop.test: rule mine failed, "), failure::getMessage);
        }
    }

    // ------------------------------------------------------------------------------------------ what is sent

    @ParameterizedTest
    @EnumSource(Wire.class)
    void thePathIsSentAsTheCallerHasSpelledIt(Wire wire) throws Exception {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
            assertEquals("200 orders.test", shop.answerTo(shop.get("//%6frders;v=1/%41;b=c//d?q=%2F")));
            assertEquals(
                    "//%6frders;v=1/%41;b=c//d?q=%2F",
                    shop.server(ORDERS).mock().takeRequest().getTarget());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRuleChangesPathHostAndHeadersAndTheCallerSeesTheOldUrl(Wire wire) throws Exception {
        Router router = shop().rule(
                        "orders",
                        pathPrefix("/api/orders"),
                        to(ORDERS)
                                .withPathPrefix("/api/orders", "/v2")
                                .withHost(NEXT)
                                .withHeader("X-Api", "2")
                                .withoutHeader("X-Secret"))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS).router(router).start()) {
            Request request = shop.request("/api/orders/a%20b?x=1")
                    .header("X-Secret", "s")
                    .build();
            try (Response response = shop.client().newCall(request).execute()) {
                assertEquals(ORDERS, response.body().string());
                assertEquals(request.url(), response.request().url());
            }
            RecordedRequest seen = shop.server(ORDERS).mock().takeRequest();
            assertEquals(wire.url(NEXT, "/v2/a%20b?x=1"), seen.getUrl().toString());
            assertEquals("2", seen.getHeaders().get("X-Api"));
            assertNull(seen.getHeaders().get("X-Secret"));
        }
    }

    @Test
    void aTagOfTheRuleIsThereUnlessTheCallerHasSetOne() throws IOException {
        record Limit(int value) {}
        List<Limit> seen = new ArrayList<>();
        Router router = shop().rule("all", any(), to(ORDERS).withTag(Limit.class, new Limit(1)))
                .build();
        ClientChange watching = builder -> builder.addNetworkInterceptor(chain -> {
            seen.add(chain.request().tag(Limit.class));
            return chain.proceed(chain.request());
        });
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, watching::apply, ORDERS)
                .router(router)
                .start()) {
            assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            assertEquals("200 orders.test", shop.answerTo(shop.request("/").tag(Limit.class, new Limit(2))));
            assertEquals(List.of(new Limit(1), new Limit(2)), seen);
        }
    }

    /** Changes the client that is wrapped. */
    @FunctionalInterface
    private interface ClientChange {
        OkHttpClient.Builder apply(OkHttpClient.Builder builder);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void conditionsLookAtTheBodyAndTheServerGetsItWhole(Wire wire) throws Exception {
        Router router = shop().rule("gold", method("POST").and(jsonBody("/tier", "gold")), to(ORDERS))
                .otherwise(to(USERS))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(router).start()) {
            String gold = "{\"tier\": \"gold\"}";
            assertEquals("200 orders.test", shop.answerTo(shop.request("/").post(RequestBody.create(gold, JSON))));
            assertEquals(
                    gold, shop.server(ORDERS).mock().takeRequest().getBody().utf8());
            assertEquals("200 users.test", shop.answerTo(shop.request("/").post(oneShot(gold))));
            assertEquals(gold, shop.server(USERS).mock().takeRequest().getBody().utf8());
        }
    }

    private static RequestBody oneShot(String text) {
        return new RequestBody() {
            private int written;

            @Override
            public MediaType contentType() {
                return JSON;
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                assertEquals(1, ++written, "written once");
                sink.writeUtf8(text);
            }
        };
    }

    @Test
    void theClientsAddressComesFromATag() throws IOException {
        Router router = shop().rule("inside", clientIn("10.0.0.0/8", "fd00::/8"), to(ORDERS))
                .otherwise(to(USERS))
                .build();
        try (Shop shop =
                new Shop(Wire.HTTP_1_1, 1, ORDERS, USERS).router(router).start()) {
            assertEquals("200 users.test", shop.answerTo(shop.get("/")));
            for (String address : List.of("10.1.2.3", "::ffff:10.1.2.3", "fd00::1")) {
                Request.Builder request = shop.request("/").tag(InboundRequest.class, InboundRequest.from(address));
                assertEquals("200 orders.test", shop.answerTo(request), address);
            }
        }
    }

    // ------------------------------------------------------------------------------------------ canaries

    /** Keeps one cookie per host. */
    private static final class Jar implements CookieJar {
        private final Map<String, Cookie> cookies = new HashMap<>();

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> saved) {
            saved.forEach(cookie -> cookies.put(url.host(), cookie));
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return cookies.containsKey(url.host()) ? List.of(cookies.get(url.host())) : List.of();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cookiesBelongToTheHostSoAllItsServicesSeeThemAndRulesToo(Wire wire) throws Exception {
        Router router = shop().rule("beta", cookie("beta", "yes"), to(NEXT))
                .otherwise(to(ORDERS))
                .build();
        try (Shop shop = new Shop(wire, 1, builder -> builder.cookieJar(new Jar()), ORDERS, NEXT)
                .router(router)
                .start()) {
            shop.server(ORDERS)
                    .handle(request -> new MockResponse.Builder()
                            .addHeader("Set-Cookie", "beta=yes")
                            .build());
            assertEquals("200 ", shop.answerTo(shop.get("/")));
            assertEquals("200 next.test", shop.answerTo(shop.get("/")));
            assertEquals(
                    "beta=yes",
                    shop.server(NEXT).mock().takeRequest().getHeaders().get("Cookie"));
        }
    }

    @Test
    void theCacheKnowsTheUrlButNotTheVariant() throws IOException {
        Router router = shop().rule("canary", header("X-Canary"), to(NEXT))
                .otherwise(to(ORDERS))
                .build();
        try (Cache cache = new Cache(folder.toFile(), 1 << 20);
                Shop shop = new Shop(Wire.HTTP_1_1, 1, builder -> builder.cache(cache), ORDERS, NEXT)
                        .router(router)
                        .start()) {
            shop.server(ORDERS).handle(request -> cacheable("stable"));
            assertEquals("200 stable", shop.answerTo(shop.get("/")));
            assertEquals("200 stable", shop.answerTo(shop.request("/").header("X-Canary", "1")));
            assertEquals(0, shop.server(NEXT).hits());
        }
    }

    @Test
    void varyTellsVariantsApartInTheCache() throws IOException {
        Router router = shop().rule("canary", header("X-Canary"), to(NEXT).withHeader("X-Version", "2"))
                .otherwise(to(ORDERS))
                .build();
        try (Cache cache = new Cache(folder.toFile(), 1 << 20);
                Shop shop = new Shop(Wire.HTTP_1_1, 1, builder -> builder.cache(cache), ORDERS, NEXT)
                        .router(router)
                        .start()) {
            for (String service : List.of(ORDERS, NEXT)) {
                shop.server(service)
                        .handle(request -> cacheable(service)
                                .newBuilder()
                                .addHeader("Vary", "X-Version")
                                .build());
            }
            assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            assertEquals("200 next.test", shop.answerTo(shop.request("/").header("X-Canary", "1")));
            assertEquals(1, shop.server(ORDERS).hits());
        }
    }

    private static MockResponse cacheable(String body) {
        return new MockResponse.Builder()
                .addHeader("Cache-Control", "max-age=60")
                .body(body)
                .build();
    }

    /** Else an entry of one service would be found for the other: their URLs are the same once they are changed. */
    @Test
    void aChangedUrlIsNotCached() throws IOException {
        Router router = shop().rule("orders", pathPrefix("/orders"), to(ORDERS).withPathPrefix("/orders", "/"))
                .rule("users", pathPrefix("/users"), to(USERS).withPathPrefix("/users", "/"))
                .build();
        try (Cache cache = new Cache(folder.toFile(), 1 << 20);
                Shop shop = new Shop(Wire.HTTP_1_1, 1, builder -> builder.cache(cache), ORDERS, USERS)
                        .router(router)
                        .start()) {
            shop.server(ORDERS).handle(request -> cacheable("order"));
            shop.server(USERS).handle(request -> cacheable("user"));
            assertEquals("200 order", shop.answerTo(shop.get("/orders/1")));
            assertEquals("200 user", shop.answerTo(shop.get("/users/1")));
            assertEquals("200 order", shop.answerTo(shop.get("/orders/1")));
            assertEquals(2, shop.server(ORDERS).hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aKeyStaysWithItsVariant(Wire wire) throws IOException {
        Router router = shop().otherwise(to(ORDERS, 80).and(NEXT, 20).withKey(Keys.header("X-User")))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS, NEXT).router(router).start()) {
            int canary = 0;
            for (int user = 0; user < 100; user++) {
                String first = shop.answerTo(shop.request("/").header("X-User", "u" + user));
                assertEquals(first, shop.answerTo(shop.request("/").header("X-User", "u" + user)));
                canary += first.equals("200 next.test") ? 1 : 0;
            }
            assertEquals(20, canary, 12); // three standard deviations
            assertEquals(0, shop.inFlight());
        }
    }

    // ------------------------------------------------------------------------------------------ more ways to call

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
        ClientChange retrying = builder -> builder.addInterceptor(chain -> {
            Response first = chain.proceed(chain.request());
            first.close();
            return chain.proceed(chain.request()
                    .newBuilder()
                    .url(chain.request().url().resolve("/users"))
                    .build());
        });
        try (Shop shop = new Shop(Wire.H2C, 1, retrying::apply, ORDERS, USERS)
                .router(byPath())
                .start()) {
            assertEquals("200 users.test", shop.answerTo(shop.get("/orders")));
            assertEquals(1, shop.server(ORDERS).hits());
            assertEquals(0, shop.inFlight());
        }
    }

    /** What was known of the first request does not count for the second: its redirects are OkHttp's again. */
    @Test
    void anInterceptorThatProceedsToAnUnroutedServiceIsNotRouted() throws IOException {
        ClientChange retrying = builder -> builder.addInterceptor(chain -> {
            chain.proceed(chain.request()).close();
            return chain.proceed(
                    chain.request().newBuilder().url("http://users.test/first").build());
        });
        try (Shop shop = new Shop(Wire.HTTP_1_1, 2, retrying::apply, ORDERS, USERS)
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

    // ------------------------------------------------------------------------------------------ configuration

    @Test
    void aBadRouterIsRefused() {
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS)) {
            Router known = shop().otherwise(to(ORDERS)).build();
            shop.router(known);
            IllegalArgumentException twice = assertThrows(IllegalArgumentException.class, () -> shop.router(known));
            assertEquals("host of the router: \"shop.test\" (expected: each host in one router)", twice.getMessage());
            shop.router(Router.builder("other").otherwise(to("ordes.test")).build());
            IllegalArgumentException unknown = assertThrows(IllegalArgumentException.class, shop::start);
            assertEquals(
                    "router other: service: \"ordes.test\" (expected: one of [orders.test])", unknown.getMessage());
        }
    }

    @Test
    void aClientWithoutARouterKnowsNoRule() throws IOException {
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS).start()) {
            Call call = shop.client()
                    .newCall(new Request.Builder().url(shop.url(ORDERS, "/")).build());
            assertEquals("200 orders.test", shop.answerTo(call));
            assertNull(call.tag(BalancedCall.class).rule());
            assertEquals(ORDERS, call.tag(BalancedCall.class).service());
        }
    }

    @Test
    void redirectsOfRulesAreFollowedUnlessTheClientFollowsNone() throws IOException {
        Router router = shop().rule("old", pathPrefix("/old"), redirect(301, "/orders/1"))
                .rule("orders", pathPrefix("/orders"), to(ORDERS))
                .build();
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS).router(router).start()) {
            try (Response response = shop.get("/old").execute()) {
                assertEquals(ORDERS, response.body().string());
                assertEquals(301, response.priorResponse().code());
                assertEquals("/orders/1", response.request().url().encodedPath());
            }
        }
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, builder -> builder.followRedirects(false), ORDERS)
                .router(router)
                .start()) {
            try (Response response = shop.get("/old").execute()) {
                assertEquals(301, response.code());
                assertEquals("/orders/1", response.header("Location"));
            }
        }
    }
}
