package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.NEXT;
import static io.lb4j.okhttp.Shop.ORDERS;
import static io.lb4j.okhttp.Shop.USERS;
import static io.lb4j.okhttp.Shop.rules;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.cookie;
import static io.lb4j.okhttp.routing.Conditions.header;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.okhttp.routing.Keys;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several versions of a service under one host: cookies, the cache, users who stay with theirs. */
@Tag("socket")
@Timeout(60)
class RoutingVariantTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cookiesBelongToTheHostSoAllItsServicesSeeThemAndRulesToo(Wire wire) throws Exception {
        Router router = rules().rule("beta", cookie("beta", "yes"), to(NEXT))
                .otherwise(to(ORDERS))
                .build();
        try (Shop shop = new Shop(wire, 1, builder -> builder.cookieJar(new TestJar()), ORDERS, NEXT)
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
        Router router = rules().rule("canary", header("X-Canary"), to(NEXT))
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
        Router router = rules().rule("canary", header("X-Canary"), to(NEXT).withHeader("X-Version", "2"))
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
        Router router = rules().rule("orders", pathPrefix("/orders"), to(ORDERS).withPathPrefix("/orders", "/"))
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
        Router router = rules().otherwise(to(ORDERS, 80).and(NEXT, 20).withKey(Keys.header("X-User")))
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
}
