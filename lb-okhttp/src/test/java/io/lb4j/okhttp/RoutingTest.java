package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.NEXT;
import static io.lb4j.okhttp.Shop.ORDERS;
import static io.lb4j.okhttp.Shop.USERS;
import static io.lb4j.okhttp.Shop.byPath;
import static io.lb4j.okhttp.Shop.rules;
import static io.lb4j.okhttp.routing.Actions.redirect;
import static io.lb4j.okhttp.routing.Actions.reject;
import static io.lb4j.okhttp.routing.Actions.respond;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.header;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.routing.Router;
import io.lb4j.okhttp.routing.RoutingException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that a router sends to services, answers itself or refuses: what servers and callers see. */
@Tag("socket")
@Timeout(60)
class RoutingTest {
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
        Router router = rules().rule("brief", pathPrefix("/brief"), to(ORDERS).withTimeouts(brief))
                .otherwise(to(ORDERS))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS).router(router).start()) {
            shop.server(ORDERS).answerAfter(Duration.ofMillis(700));
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
                    .router(rules().otherwise(to(ORDERS)).build())
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
        Router router = rules().rule("ping", pathPrefix("/ping"), respond(200, "text/plain", "pong"))
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
        Router router = rules().rule("mine", call -> Integer.parseInt("x") > 0, to(ORDERS))
                .build();
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS).router(router).start()) {
            IOException failure =
                    assertThrows(IOException.class, () -> shop.get("/").execute());
            assertTrue(failure.getMessage().startsWith("router shop.test: rule mine failed, "), failure::getMessage);
        }
    }

    @Test
    void redirectsOfRulesAreFollowedUnlessTheClientFollowsNone() throws IOException {
        Router router = rules().rule("old", pathPrefix("/old"), redirect(301, "/orders/1"))
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

    // ------------------------------------------------------------------------------------------ configuration

    @Test
    void aBadRouterIsRefused() {
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS)) {
            Router known = rules().otherwise(to(ORDERS)).build();
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
}
