package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import io.lb4j.okhttp.sticky.SessionKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service adds to requests and responses. */
@Timeout(60)
class RequestHeadersTest {
    private static Request request(@Nullable InboundRequest inbound, String... namesAndValues) {
        return new Request.Builder()
                .url("http://orders/")
                .headers(Headers.of(namesAndValues))
                .tag(InboundRequest.class, inbound)
                .build();
    }

    private static String shown(RequestHeaders headers, Request request) {
        return headers.onto(request, new BalancedCall())
                .headers()
                .toString()
                .strip()
                .replace("\n", " | ");
    }

    // ------------------------------------------------------------------------------------------ Forwarded

    /** The nodes of RFC 7239, sections 4, 6, 6.3 and 7.1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "192.0.2.60 | 0 | for=192.0.2.60",
                "192.0.2.43 | 47011 | for=\"192.0.2.43:47011\"",
                "2001:db8:cafe::17 | 0 | for=\"[2001:db8:cafe::17]\"",
                "[2001:db8:cafe::17] | 0 | for=\"[2001:db8:cafe::17]\"",
                "2001:db8:cafe::17 | 4711 | for=\"[2001:db8:cafe::17]:4711\"",
                "2001:DB8:CAFE:0:0:0:0:17 | 0 | for=\"[2001:db8:cafe::17]\"",
                "::ffff:192.0.2.60 | 0 | for=192.0.2.60",
            })
    void addressesAreQuotedAsTheRfcSays(String address, int port, String expected) {
        InboundRequest inbound = InboundRequest.from(address);
        assertEquals(expected, (port == 0 ? inbound : inbound.withPort(port)).toString());
    }

    @Test
    void obfuscatedNamesAreTokens() {
        assertEquals("for=_gazonk", InboundRequest.obfuscated("_gazonk").toString());
        assertEquals("for=_SEVKISEK", InboundRequest.obfuscated("_SEVKISEK").toString());
        assertEquals("for=unknown", InboundRequest.obfuscated("unknown").toString());
        assertEquals(
                "for=\"_x:80\"", InboundRequest.obfuscated("_x").withPort(80).toString());
        assertNull(InboundRequest.obfuscated("_x").address());
    }

    @Test
    void anElementSaysForWhomAndByWhom() {
        InboundRequest inbound = InboundRequest.from("192.0.2.60").withScheme("http");
        assertEquals(
                "Forwarded: for=192.0.2.60;proto=http;by=203.0.113.43",
                shown(RequestHeaders.none().withForwardedBy("203.0.113.43"), request(inbound)));
        assertEquals(
                "Forwarded: for=192.0.2.60;proto=http;host=shop.example;by=\"[2001:db8::1]\"",
                shown(RequestHeaders.none().withForwardedBy("2001:db8::1"), request(inbound.withHost("shop.example"))));
        assertEquals(
                "Forwarded: for=192.0.2.60;proto=https;host=\"shop.example:8443\";by=_edge-1",
                shown(
                        RequestHeaders.none().withForwardedBy("_edge-1"),
                        request(inbound.withHost("shop.example:8443").withScheme("HTTPS"))));
    }

    @Test
    void elementsAreAddedBehindThoseOfOthers() {
        Request request = request(
                InboundRequest.from("203.0.113.9"), "Forwarded", "for=192.0.2.43", "Forwarded", "for=\"[::1]\"");
        assertEquals(
                "Forwarded: for=192.0.2.43, for=\"[::1]\", for=203.0.113.9",
                shown(RequestHeaders.none().withForwarded(), request));
        assertEquals(
                "Forwarded: for=203.0.113.9",
                shown(RequestHeaders.none().withForwarded().replacingForwarded(), request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"for=\"6.6.6.6", "for=\"a\\\"", "a=\"b\", for=\""})
    void aLineWithAnOpenQuoteWouldSwallowWhatFollowsAndIsDropped(String line) {
        Request request = request(InboundRequest.from("203.0.113.9"), "Forwarded", line, "Forwarded", "for=\"\\\"\"");
        assertEquals(
                "Forwarded: for=\"\\\"\", for=203.0.113.9",
                shown(RequestHeaders.none().withForwarded(), request));
    }

    // ------------------------------------------------------------------------------------------ X-Forwarded

    @Test
    void theLegacyHeadersListTheAddressAndKeepWhatTheFirstGatewaySaid() {
        InboundRequest inbound = InboundRequest.from("2001:db8::9")
                .withPort(4711)
                .withScheme("http")
                .withHost("inner.example");
        RequestHeaders headers = RequestHeaders.none().withXForwarded();
        assertEquals(
                "X-Forwarded-For: 2001:db8::9 | X-Forwarded-Proto: http | X-Forwarded-Host: inner.example",
                shown(headers, request(inbound)));
        Request passedOn = request(
                inbound,
                "x-forwarded-for",
                "192.0.2.43",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "shop.example",
                "X-Forwarded-Port",
                "443");
        assertEquals(
                "X-Forwarded-Proto: https | X-Forwarded-Host: shop.example | X-Forwarded-Port: 443"
                        + " | X-Forwarded-For: 192.0.2.43, 2001:db8::9",
                shown(headers, passedOn));
        assertEquals(
                "X-Forwarded-For: 2001:db8::9 | X-Forwarded-Proto: http | X-Forwarded-Host: inner.example",
                shown(headers.replacingForwarded(), passedOn));
    }

    @Test
    void aHiddenClientHasAPlaceInTheListAllTheSame() {
        assertEquals(
                "X-Forwarded-For: 192.0.2.43, unknown",
                shown(
                        RequestHeaders.none().withXForwarded(),
                        request(InboundRequest.obfuscated("_x"), "X-Forwarded-For", "192.0.2.43")));
    }

    @Test
    void aRequestThatIsForNobodyElseSaysNothing() {
        RequestHeaders headers = RequestHeaders.none().withForwarded().withXForwarded();
        Request own = request(null, "Forwarded", "for=6.6.6.6", "X-Forwarded-For", "6.6.6.6", "X-Other", "1");
        assertEquals(own.headers(), headers.onto(own, new BalancedCall()).headers());
        assertEquals("X-Other: 1", shown(headers.replacingForwarded(), own), "the first gateway believes nobody");
        assertSame(own, RequestHeaders.none().onto(own, new BalancedCall()));
        assertSame(own, RequestHeaders.none().numbered(own, 1));
    }

    @Test
    void aRequestThatComesBackNamesItsClientOnce() {
        Request first = request(InboundRequest.from("203.0.113.9"), "X-Forwarded-For", "192.0.2.43");
        RequestHeaders headers = RequestHeaders.none().withForwarded().withXForwarded();
        Request sent =
                headers.onto(RequestHeaders.none().withForwarded().onto(first, new BalancedCall()), new BalancedCall());
        assertEquals("Forwarded: for=203.0.113.9 | X-Forwarded-For: 192.0.2.43, 203.0.113.9", shown(headers, sent));
        assertEquals("203.0.113.9", SessionKeys.xForwardedFor(1).apply(headers.onto(sent, new BalancedCall())));
        assertEquals("192.0.2.43", SessionKeys.xForwardedFor(2).apply(headers.onto(sent, new BalancedCall())));
        assertNull(SessionKeys.forwarded(2).apply(headers.onto(sent, new BalancedCall())));
        assertEquals(
                "Forwarded: for=203.0.113.9 | X-Forwarded-For: 203.0.113.9", shown(headers.replacingForwarded(), sent));
        Request other = sent.newBuilder()
                .tag(InboundRequest.class, InboundRequest.from("198.51.100.1"))
                .build();
        assertEquals("198.51.100.1", SessionKeys.forwarded(1).apply(headers.onto(other, new BalancedCall())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a\r\nX-Evil: 1",
                "a\"b",
                "a\\b",
                "a,b",
                "a;for=6.6.6.6",
                "a/b",
                "a:b",
                "a:123456",
                "[::1",
                "é.example",
                "a@b"
            })
    void whatIsNoHostIsRefused(String host) {
        InboundRequest inbound = InboundRequest.from("192.0.2.1");
        assertThrows(IllegalArgumentException.class, () -> inbound.withHost(host));
        assertThrows(IllegalArgumentException.class, () -> inbound.withScheme(host + ':'));
    }

    @Test
    void badValuesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> InboundRequest.from("localhost"));
        assertThrows(IllegalArgumentException.class, () -> InboundRequest.from("192.0.2.1:80"));
        assertThrows(IllegalArgumentException.class, () -> InboundRequest.obfuscated("192.0.2.1"));
        assertThrows(IllegalArgumentException.class, () -> InboundRequest.obfuscated("_a b"));
        assertThrows(
                IllegalArgumentException.class,
                () -> InboundRequest.from("192.0.2.1").withPort(0));
        RequestHeaders none = RequestHeaders.none();
        assertEquals(
                "node: \"edge-1\" (expected: an IP address, or a name that begins with an underscore: \"_gateway-1\")",
                assertThrows(IllegalArgumentException.class, () -> none.withForwardedBy("edge-1"))
                        .getMessage());
        assertEquals(
                "header of the request id: \"X Id\" (expected: the name of a header, for instance \"X-Request-Id\")",
                assertThrows(IllegalArgumentException.class, () -> none.withRequestId("X Id"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> none.withAttemptNumber(""));
    }

    @Test
    void theAddressIsKnownToFunctionsOfTheRequest() throws IOException {
        InetAddress mapped = InetAddress.getByName("::ffff:203.0.113.9");
        assertEquals("203.0.113.9", InboundRequest.addressOf(request(InboundRequest.from(mapped))));
        assertNull(InboundRequest.addressOf(request(null)));
        InboundRequest inbound = InboundRequest.from("::1").withScheme("https").withHost("a.example");
        assertEquals("https", inbound.scheme());
        assertEquals("a.example", inbound.host());
    }

    // ------------------------------------------------------------------------------------------ ids and numbers

    private static List<String> received(Fleet fleet, int server, String header) throws InterruptedException {
        List<String> values = new ArrayList<>();
        for (int left = fleet.server(server).hits(); left > 0; left--) {
            values.add(fleet.server(server)
                    .mock()
                    .takeRequest(20, TimeUnit.SECONDS)
                    .getHeaders()
                    .get(header));
        }
        return values;
    }

    @Tag("socket")
    @ParameterizedTest
    @EnumSource(Wire.class)
    void allAttemptsHaveOneIdAndEachItsNumber(Wire wire) throws Exception {
        RequestHeaders headers =
                RequestHeaders.none().withRequestId("X-Request-Id").withAttemptNumber("x-envoy-attempt-count");
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRequestHeaders(headers))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            String shown;
            try (Response response = fleet.client()
                    .newCall(fleet.request("/")
                            .header("X-Envoy-Attempt-Count", "9")
                            .build())
                    .execute()) {
                shown = response.request().header("X-Request-Id");
                assertEquals("B", response.body().string());
            }
            assertEquals(shown, UUID.fromString(shown).toString());
            Headers ofA = fleet.server(0).mock().takeRequest().getHeaders();
            Headers ofB = fleet.server(1).mock().takeRequest().getHeaders();
            assertEquals(List.of(shown), ofA.values("X-Request-Id"));
            assertEquals(List.of(shown), ofB.values("X-Request-Id"));
            assertEquals(List.of("1"), ofA.values("X-Envoy-Attempt-Count"));
            assertEquals(List.of("2"), ofB.values("X-Envoy-Attempt-Count"));
        }
    }

    @Tag("socket")
    @ParameterizedTest
    @EnumSource(Wire.class)
    void aHedgeHasTheIdOfItsCallAndTheNextNumber(Wire wire) throws Exception {
        RequestHeaders headers =
                RequestHeaders.none().withRequestId("X-Request-Id").withAttemptNumber("X-Attempt");
        RetryRule hedging = RetryRule.standard().withHedging(HedgingPolicy.after(Duration.ofMillis(100)));
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withRequestHeaders(headers).withRetries(hedging))
                .start()) {
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(200)
                            .newBuilder()
                            .headersDelay(1, TimeUnit.HOURS)
                            .build());
            Call call = BalancedClient.callFactory(fleet.client())
                    .newCall(fleet.request("/").build());
            assertEquals("200 B", fleet.answerTo(call));
            String id = call.tag(BalancedCall.class).requestId();
            assertEquals(List.of(id), received(fleet, 0, "X-Request-Id"));
            Headers ofB = fleet.server(1).mock().takeRequest().getHeaders();
            assertEquals(id, ofB.get("X-Request-Id"));
            assertEquals("2", ofB.get("X-Attempt"));
        }
    }

    @Tag("socket")
    @Test
    void anIdThatIsThereIsKeptAndOthersAreNew() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .service(service ->
                        service.withRequestHeaders(RequestHeaders.none().withRequestId("X-Request-Id")))
                .start()) {
            fleet.answerTo(fleet.client()
                    .newCall(fleet.request("/").header("x-request-id", "mine").build()));
            fleet.answerTo(fleet.get("/"));
            fleet.answerTo(fleet.get("/"));
            List<String> ids = received(fleet, 0, "X-Request-Id");
            assertEquals("mine", ids.get(0));
            assertNotEquals(ids.get(1), ids.get(2));
        }
    }

    @Tag("socket")
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "é"})
    void anIdThatNoHeaderCanHoldFailsTheCall(String id) {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .service(service ->
                        service.withRequestHeaders(RequestHeaders.none().withRequestId("X-Request-Id", () -> id)))
                .start()) {
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertTrue(failure.getMessage().startsWith("orders.test: the request got no id"), failure.getMessage());
            assertEquals(0, fleet.inFlight());
            assertEquals("A 0", fleet.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ the response

    @Tag("socket")
    @ParameterizedTest
    @EnumSource(Wire.class)
    void theNodeThatAnsweredIsNamedIfWanted(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2)
                .service(service -> service.withNodeHeader("X-Served-By"))
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            try (Response response = fleet.get("/").execute()) {
                assertEquals(fleet.server(1).endpoint().id(), response.header("X-Served-By"));
                assertEquals("B", response.body().string());
            }
            Request named = fleet.request("/")
                    .tag(
                            EndpointOverride.class,
                            EndpointOverride.to(fleet.server(0).endpoint().id()))
                    .build();
            try (Response response = fleet.client().newCall(named).execute()) {
                assertEquals(fleet.server(0).endpoint().id(), response.header("X-Served-By"));
            }
            assertEquals(0, fleet.inFlight());
        }
    }

    @Tag("socket")
    @Test
    void anIdMayBeAnyText() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .endpoint(endpoint ->
                        Endpoint.of(endpoint.host(), endpoint.port()).withId("é\r\nX-Evil: 1"))
                .service(service -> service.withNodeHeader("X-Served-By"))
                .start()) {
            try (Response response = fleet.get("/").execute()) {
                assertEquals("???X-Evil: 1", response.header("X-Served-By"));
                assertNull(response.header("X-Evil"));
            }
        }
    }

    @Tag("socket")
    @Test
    void answersFromTheCacheAndFromElsewhereNameNoNode(@TempDir Path directory) throws IOException {
        try (TestServer other = new TestServer("other", Wire.HTTP_1_1);
                Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                        .client(builder -> builder.cache(new Cache(directory.toFile(), 1_000_000)))
                        .service(service -> service.withNodeHeader("X-Served-By"))
                        .start()) {
            fleet.server(0).handle(request -> switch (request.getTarget()) {
                case "/cached" ->
                    new MockResponse.Builder()
                            .addHeader("Cache-Control", "max-age=60")
                            .build();
                default ->
                    new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", other.mock().url("/"))
                            .build();
            });
            assertEquals(fleet.server(0).endpoint().id(), nodeOf(fleet, "/cached"));
            assertNull(nodeOf(fleet, "/cached"));
            assertNull(nodeOf(fleet, "/elsewhere"));
            assertEquals(1, other.hits());
        }
    }

    private static @Nullable String nodeOf(Fleet fleet, String path) throws IOException {
        try (Response response = fleet.get(path).execute()) {
            String ignored = response.body().string();
            return response.header("X-Served-By");
        }
    }

    @Tag("socket")
    @Test
    void nothingIsAddedUnlessItIsAskedFor() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            Request request = fleet.request("/")
                    .tag(InboundRequest.class, InboundRequest.from("192.0.2.1"))
                    .build();
            try (Response response = fleet.client().newCall(request).execute()) {
                assertEquals(
                        List.of("Content-Length"),
                        List.copyOf(response.headers().names()));
            }
            assertEquals(
                    List.of("Accept-Encoding", "Connection", "Host", "User-Agent"),
                    List.copyOf(
                            fleet.server(0).mock().takeRequest().getHeaders().names()));
        }
    }
}
