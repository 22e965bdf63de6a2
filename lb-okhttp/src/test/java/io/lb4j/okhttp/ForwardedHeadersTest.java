package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.okhttp.sticky.SessionKeys;
import java.io.IOException;
import java.net.InetAddress;
import okhttp3.Headers;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom a gateway makes a request: Forwarded (RFC 7239) and X-Forwarded-... */
class ForwardedHeadersTest {
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
}
