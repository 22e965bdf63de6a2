package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.NEXT;
import static io.lb4j.okhttp.Shop.ORDERS;
import static io.lb4j.okhttp.Shop.USERS;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Redirects from one service to another, and to other paths of a router, are balanced, by OkHttp's own rules. */
@Tag("socket")
@Timeout(60)
class CrossServiceRedirectTest {
    @TempDir
    private Path folder;

    private static MockResponse redirect(int status, String location) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Location", location)
                .body("moved")
                .build();
    }

    private static Request.Builder toOrders(Shop shop) {
        return new Request.Builder().url(shop.url(ORDERS, "/a"));
    }

    // ------------------------------------------------------------------------------------------ between services

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRedirectToAnotherServiceIsBalancedAndRetriedThere(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 2, ORDERS, USERS).start()) {
            shop.server(ORDERS, 0).handle(request -> redirect(302, shop.url(USERS, "/b")));
            shop.server(USERS, 0).alwaysAnswer(503);
            Call call = shop.client().newCall(toOrders(shop).build());
            try (Response response = call.execute()) {
                assertEquals("users.test1", response.body().string());
                assertEquals(shop.url(USERS, "/b"), response.request().url().toString());
                assertEquals(302, response.priorResponse().code());
                assertEquals(shop.url(USERS, "/b"), response.priorResponse().header("Location"));
                assertNull(response.priorResponse().header("Cache-Control"));
            }
            BalancedCall decided = call.tag(BalancedCall.class);
            assertEquals(USERS, decided.service());
            assertEquals(
                    List.of(302, 503, 200),
                    decided.attempts().stream()
                            .map(BalancedCall.Attempt::status)
                            .toList());
            assertEquals(0, shop.inFlight());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_1_1, 302, GET, 0",
        "HTTP_1_1, 303, GET, 0",
        "HTTP_1_1, 301, GET, 0",
        "HTTP_1_1, 307, POST, 4",
        "HTTP_1_1, 308, POST, 4",
        "H2C, 303, GET, 0",
        "H2C, 307, POST, 4",
        "H2_TLS, 302, GET, 0",
        "H2_TLS, 308, POST, 4"
    })
    void methodAndBodyFollowOkHttpsRules(Wire wire, int status, String method, int length) throws Exception {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).start()) {
            shop.server(ORDERS).handle(request -> redirect(status, shop.url(USERS, "/b")));
            Request.Builder request = toOrders(shop)
                    .header("Authorization", "secret")
                    .header("X-Kept", "1")
                    .post(RequestBody.create("body", MediaType.get("text/plain")));
            assertEquals("200 users.test", shop.answerTo(request));
            RecordedRequest seen = shop.server(USERS).mock().takeRequest();
            assertEquals(method, seen.getMethod());
            assertEquals(length, seen.getBody() == null ? 0 : seen.getBody().size());
            assertNull(seen.getHeaders().get("Authorization"));
            assertEquals("1", seen.getHeaders().get("X-Kept"));
            assertEquals(length == 0, seen.getHeaders().get("Content-Type") == null);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aBodyThatCanBeSentOnceOnlyIsNotSentAgain(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).start()) {
            shop.server(ORDERS).handle(request -> redirect(307, shop.url(USERS, "/b")));
            Call call = shop.client()
                    .newCall(toOrders(shop).post(new OneShotBody("once")).build());
            try (Response response = call.execute()) {
                assertEquals(307, response.code());
                assertEquals(shop.url(USERS, "/b"), response.header("Location"));
                assertEquals("moved", response.body().string());
            }
            assertEquals(0, shop.server(USERS).hits());
            assertEquals(0, shop.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aClientThatFollowsNoRedirectsGetsThem(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 1, client -> client.followRedirects(false), ORDERS, USERS).start()) {
            shop.server(ORDERS).handle(request -> redirect(302, shop.url(USERS, "/b")));
            assertEquals("302 moved", shop.answerTo(toOrders(shop)));
        }
    }

    /** Its endpoint is none of the other service. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void anOverrideIsForTheFirstServiceOnly(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 2, ORDERS, USERS).start()) {
            shop.server(ORDERS, 1).handle(request -> redirect(302, shop.url(USERS, "/b")));
            String id = shop.server(ORDERS, 1).endpoint().id();
            Request.Builder request = toOrders(shop).tag(EndpointOverride.class, EndpointOverride.to(id));
            assertEquals("200 users.test0", shop.answerTo(request));
        }
    }

    /** Between http and https OkHttp has a setting of its own. */
    @Test
    void aChangeOfTheSchemeIsNotFollowedIfTheClientForbidsIt() throws IOException {
        try (Shop shop = new Shop(Wire.H2_TLS, 1, client -> client.followSslRedirects(false), ORDERS, USERS).start()) {
            shop.server(ORDERS).handle(request -> redirect(302, "http://users.test/b"));
            assertEquals("302 moved", shop.answerTo(toOrders(shop)));
            assertEquals(0, shop.server(USERS).hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aLoopEndsAfterTwentyRedirects(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).start()) {
            shop.server(ORDERS).handle(request -> redirect(302, shop.url(USERS, "/")));
            shop.server(USERS).handle(request -> redirect(302, shop.url(ORDERS, "/")));
            ProtocolException failure = assertThrows(
                    ProtocolException.class,
                    () -> shop.client().newCall(toOrders(shop).build()).execute());
            assertEquals("Too many follow-up requests: 21", failure.getMessage());
            assertEquals(21, shop.server(ORDERS).hits() + shop.server(USERS).hits());
            assertEquals(0, shop.inFlight());
        }
    }

    /** A redirect whose target is hidden from OkHttp must not be found in its cache without one. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void aCacheableRedirectIsFollowedEachTime(Wire wire) throws IOException {
        try (Cache cache = new Cache(folder.toFile(), 1 << 20);
                Shop shop = new Shop(wire, 1, client -> client.cache(cache), ORDERS, USERS).start()) {
            MockResponse moved = redirect(301, shop.url(USERS, "/b"))
                    .newBuilder()
                    .addHeader("Cache-Control", "max-age=60")
                    .build();
            shop.server(ORDERS).handle(request -> moved);
            for (int i = 0; i < 3; i++) {
                try (Response response =
                        shop.client().newCall(toOrders(shop).build()).execute()) {
                    assertEquals(USERS, response.body().string());
                    assertEquals("max-age=60", response.priorResponse().header("Cache-Control"));
                }
            }
            assertEquals(3, shop.server(ORDERS).hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRedirectOfAnotherHostToAServiceIsBalanced(Wire wire) throws IOException {
        try (TestServer foreign = new TestServer("foreign", wire);
                Shop shop = new Shop(
                                wire,
                                2,
                                client -> client.dns(host -> List.of(InetAddress.getLoopbackAddress())),
                                ORDERS)
                        .start()) {
            foreign.handle(request -> redirect(302, shop.url(ORDERS, "/")));
            shop.server(ORDERS, 0).alwaysAnswer(503);
            String url = shop.url(NEXT + ":" + foreign.endpoint().port(), "/");
            assertEquals("200 orders.test1", shop.answerTo(new Request.Builder().url(url)));
            assertEquals(1, foreign.hits());
            assertEquals(0, shop.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void thereAndBackThroughAnotherHost(Wire wire) throws IOException {
        try (TestServer foreign = new TestServer("foreign", wire);
                Shop shop = new Shop(
                                wire,
                                1,
                                client -> client.dns(host -> List.of(InetAddress.getLoopbackAddress())),
                                ORDERS,
                                USERS)
                        .start()) {
            String url = shop.url(NEXT + ":" + foreign.endpoint().port(), "/");
            shop.server(ORDERS).handle(request -> redirect(302, url));
            foreign.handle(request -> redirect(302, shop.url(USERS, "/")));
            Call call = shop.client().newCall(toOrders(shop).build());
            try (Response response = call.execute()) {
                assertEquals(USERS, response.body().string());
                assertEquals(url, response.priorResponse().request().url().toString());
                assertEquals(
                        shop.url(ORDERS, "/a"),
                        response.priorResponse().priorResponse().request().url().toString());
            }
            assertEquals(0, shop.inFlight());
        }
    }

    // ------------------------------------------------------------------------------------------ of routers

    private static Router byPath() {
        return Router.builder(Shop.HOST)
                .rule(
                        "orders",
                        pathPrefix("/orders"),
                        to(ORDERS).withPathPrefix("/orders", "/").withHost(NEXT).withHeader("X-Token", "for orders"))
                .rule("users", pathPrefix("/users"), to(USERS))
                .build();
    }

    /** As a browser behind a reverse proxy would. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRedirectOfARoutedRequestIsRoutedAgainFromTheUrlThatTheCallerKnows(Wire wire) throws Exception {
        for (String location :
                List.of("/users/1", "../users/1", wire.url(Shop.HOST, "/users/1"), wire.url(NEXT, "/users/1"))) {
            try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(byPath()).start()) {
                shop.server(ORDERS).handle(request -> redirect(302, location));
                Call call = shop.get("/orders/7");
                try (Response response = call.execute()) {
                    assertEquals(USERS, response.body().string(), location);
                    assertEquals(shop.url("/users/1"), response.request().url().toString());
                    assertEquals(
                            shop.url("/orders/7"),
                            response.priorResponse().request().url().toString());
                }
                assertEquals("/7", shop.server(ORDERS).mock().takeRequest().getTarget());
                assertNull(shop.server(USERS).mock().takeRequest().getHeaders().get("X-Token"));
                assertEquals("users", call.tag(BalancedCall.class).rule());
                assertEquals(0, shop.inFlight());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void whatARuleAddsDoesNotLeaveForAnotherHost(Wire wire) throws Exception {
        try (TestServer foreign = new TestServer("foreign", wire);
                Shop shop = new Shop(
                                wire,
                                1,
                                client -> client.dns(host -> List.of(InetAddress.getLoopbackAddress())),
                                ORDERS,
                                USERS)
                        .router(byPath())
                        .start()) {
            String url = shop.url("orders:" + foreign.endpoint().port(), "/");
            shop.server(ORDERS).handle(request -> redirect(302, url));
            assertEquals("200 foreign", shop.answerTo(shop.get("/orders/7")));
            assertEquals(
                    "for orders",
                    shop.server(ORDERS).mock().takeRequest().getHeaders().get("X-Token"));
            assertNull(foreign.mock().takeRequest().getHeaders().get("X-Token"));
            assertEquals(0, shop.inFlight());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRedirectThatLeavesTheRouterLeavesItsRules(Wire wire) throws IOException {
        Router orders = Router.builder(Shop.HOST).otherwise(to(ORDERS)).build();
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(orders).start()) {
            shop.server(ORDERS).handle(request -> redirect(302, shop.url(USERS, "/x")));
            TestServer users = shop.server(USERS);
            users.handle(request ->
                    request.getTarget().equals("/y") ? users.answer(200) : redirect(302, shop.url(USERS, "/y")));
            Call call = shop.get("/a");
            assertEquals("200 users.test", shop.answerTo(call));
            assertNull(call.tag(BalancedCall.class).rule());
            assertEquals(1, call.tag(BalancedCall.class).attempts().size() - 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aCallStaysWithItsVariantThroughRedirects(Wire wire) throws IOException {
        Router halves =
                Router.builder(Shop.HOST).otherwise(to(ORDERS, 1).and(USERS, 1)).build();
        try (Shop shop = new Shop(wire, 1, ORDERS, USERS).router(halves).start()) {
            for (String service : List.of(ORDERS, USERS)) {
                TestServer server = shop.server(service);
                server.handle(request -> request.getTarget().equals("/b") ? server.answer(200) : redirect(302, "/b"));
            }
            for (int i = 0; i < 40; i++) {
                Call call = shop.get("/a");
                assertTrue(shop.answerTo(call).startsWith("200"));
                List<BalancedCall.Attempt> attempts =
                        call.tag(BalancedCall.class).attempts();
                assertEquals(attempts.get(0).endpoint(), attempts.get(1).endpoint());
            }
            assertTrue(shop.server(ORDERS).hits() > 0 && shop.server(USERS).hits() > 0);
        }
    }
}
