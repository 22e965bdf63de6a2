package io.lb4j.okhttp;

import static io.lb4j.okhttp.Shop.NEXT;
import static io.lb4j.okhttp.Shop.ORDERS;
import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.any;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.okhttp.routing.Forward;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of requests, whose answers nobody sees. */
@Tag("socket")
@Timeout(60)
class MirrorTest {
    private static Router mirrored(double share) {
        Forward action = to(ORDERS).withMirror(NEXT, share);
        return Router.builder(Shop.HOST).rule("all", any(), action).build();
    }

    private static Shop shop(Wire wire) {
        return new Shop(wire, 1, ORDERS, NEXT).router(mirrored(1)).start();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theMirrorGetsACopyWithAMark(Wire wire) throws Exception {
        try (Shop shop = shop(wire)) {
            assertEquals(
                    "200 orders.test",
                    shop.answerTo(shop.request("/a?b=c")
                            .header("X-User", "7")
                            .post(RequestBody.create("body", MediaType.get("text/plain")))));
            RecordedRequest copy = shop.server(NEXT).mock().takeRequest();
            assertEquals(shop.url("/a?b=c"), copy.getUrl().toString());
            assertEquals("POST", copy.getMethod());
            assertEquals("7", copy.getHeaders().get("X-User"));
            assertEquals("body", copy.getBody().utf8());
            assertEquals("all", copy.getHeaders().get("X-Mirrored-By"));
            RecordedRequest original = shop.server(ORDERS).mock().takeRequest();
            assertNull(original.getHeaders().get("X-Mirrored-By"));
            Eventually.equal(0, shop::inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void noMoreCopiesAreInFlightThanAllowedAndNobodyWaitsForThem(Wire wire) throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        try (Shop shop = new Shop(wire, 1, ORDERS, NEXT)
                .router(mirrored(1))
                .maxMirrored(2)
                .start()) {
            TestServer mirror = shop.server(NEXT);
            mirror.handle(request -> {
                release.await(30, TimeUnit.SECONDS);
                return mirror.answer(200);
            });
            for (int i = 0; i < 10; i++) {
                assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            }
            Eventually.equal(2, mirror::hits);
            release.countDown();
            Eventually.equal(0, shop::inFlight);
            assertEquals(2, mirror.hits());
            Eventually.equal(true, () -> {
                try {
                    return shop.answerTo(shop.get("/")).equals("200 orders.test") && mirror.hits() > 2;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aMirrorThatFailsIsAskedOnceAndChangesNothing(Wire wire) throws IOException {
        try (Shop shop = new Shop(wire, 2, ORDERS, NEXT).router(mirrored(1)).start()) {
            shop.server(NEXT, 0).alwaysAnswer(503);
            assertEquals("200 orders.test0", shop.answerTo(shop.get("/")));
            Eventually.equal(1, shop.server(NEXT, 0)::hits);
            Eventually.equal(0, shop::inFlight);
            assertEquals(0, shop.server(NEXT, 1).hits());
            shop.server(NEXT, 0).close();
            assertEquals("200 orders.test0", shop.answerTo(shop.get("/")));
            Eventually.equal(0, shop::inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void redirectsOfAMirrorAreNotFollowed(Wire wire) throws IOException {
        try (Shop shop = shop(wire)) {
            shop.server(NEXT)
                    .handle(request -> new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", shop.url("/again"))
                            .build());
            assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            Eventually.equal(1, shop.server(NEXT)::hits);
            Eventually.equal(0, shop::inFlight);
            assertEquals(1, shop.server(ORDERS).hits());
            assertEquals(1, shop.server(NEXT).hits());
        }
    }

    /** A body that is written without a known length. */
    private static RequestBody body(boolean oneShot, int size) {
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public boolean isOneShot() {
                return oneShot;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.write(new byte[size]);
            }
        };
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bodiesThatCanBeWrittenOnceOnlyOrAreLargeAreNotMirrored(Wire wire) throws Exception {
        try (Shop shop = shop(wire)) {
            assertEquals("200 orders.test", shop.answerTo(shop.request("/once").post(body(true, 10))));
            assertEquals("200 orders.test", shop.answerTo(shop.request("/large").post(body(false, (1 << 20) + 1))));
            assertEquals("200 orders.test", shop.answerTo(shop.request("/small").post(body(false, 1 << 20))));
            RecordedRequest copy = shop.server(NEXT).mock().takeRequest();
            assertEquals("/small", copy.getTarget());
            assertEquals(1 << 20, copy.getBody().size());
            Eventually.equal(0, shop::inFlight);
            assertEquals(1, shop.server(NEXT).hits());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theMirrorSeesTheCookiesAndSetsNone(Wire wire) throws Exception {
        ConcurrentLinkedQueue<String> saved = new ConcurrentLinkedQueue<>();
        CookieJar jar = new CookieJar() {
            @Override
            public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
                cookies.forEach(cookie -> saved.add(cookie.value()));
            }

            @Override
            public List<Cookie> loadForRequest(HttpUrl url) {
                return List.of(new Cookie.Builder()
                        .name("sid")
                        .value("1")
                        .domain(Shop.HOST)
                        .build());
            }
        };
        try (Shop shop = new Shop(wire, 1, client -> client.cookieJar(jar), ORDERS, NEXT)
                .router(mirrored(1))
                .start()) {
            for (String service : List.of(ORDERS, NEXT)) {
                shop.server(service)
                        .handle(request -> new MockResponse.Builder()
                                .addHeader("Set-Cookie", "by=" + service)
                                .build());
            }
            assertEquals("200 ", shop.answerTo(shop.get("/")));
            assertEquals(
                    "sid=1", shop.server(NEXT).mock().takeRequest().getHeaders().get("Cookie"));
            Eventually.equal(0, shop::inFlight);
            assertEquals(List.of(ORDERS), List.copyOf(saved));
        }
    }

    @Test
    void aShareOfTheRequestsIsMirrored() throws IOException {
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS, NEXT)
                .router(mirrored(0.5))
                .maxMirrored(1000)
                .start()) {
            for (int i = 0; i < 200; i++) {
                assertEquals("200 orders.test", shop.answerTo(shop.get("/")));
            }
            Eventually.equal(0, shop::inFlight);
            int copies = shop.server(NEXT).hits();
            assertTrue(copies > 55 && copies < 145, () -> copies + " of 200"); // six standard deviations
        }
    }

    @Test
    void aLimitBelowOneIsRefused() {
        try (Shop shop = new Shop(Wire.HTTP_1_1, 1, ORDERS)) {
            assertThrows(IllegalArgumentException.class, () -> shop.maxMirrored(0));
            assertEquals(
                    "share of the mirror: 1.5 (expected: 0 to 1, for instance 0.05 for 5 %)",
                    assertThrows(IllegalArgumentException.class, () -> mirrored(1.5))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theMarkOfARuleWhoseNameIsNoHeaderIsMadeOne(Wire wire) throws Exception {
        Router router = Router.builder(Shop.HOST)
                .rule("K\u00E4ufer\r\nX-Evil: 1", any(), to(ORDERS).withMirror(NEXT))
                .build();
        try (Shop shop = new Shop(wire, 1, ORDERS, NEXT).router(router).start()) {
            assertEquals("200 orders.test", shop.answerTo(shop.request("/")));
            RecordedRequest copy = shop.server(NEXT).mock().takeRequest();
            assertEquals("K?ufer??X-Evil: 1", copy.getHeaders().get("X-Mirrored-By"));
            assertNull(copy.getHeaders().get("X-Evil"));
        }
    }
}
