package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionKeysTest {
    private static Request with(String header, String... lines) {
        Request.Builder builder = new Request.Builder().url("http://orders/?sid=a%20b&empty=");
        for (String line : lines) {
            builder.addHeader(header, line);
        }
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 1 | 203.0.113.9",
                "6.6.6.6, 203.0.113.9, 10.0.0.1 | 2 | 203.0.113.9",
                "203.0.113.9, 10.0.0.1 | 3 | ",
                "203.0.113.9:4711 | 1 | 203.0.113.9",
                "2001:db8::1 | 1 | 2001:db8::1",
                "[2001:db8::1]:80 | 1 | 2001:db8::1",
                "::ffff:203.0.113.9 | 1 | 203.0.113.9",
                "unknown | 1 | ",
                "203.0.113.9, | 1 | ",
            })
    void xForwardedForCountsTrustedHopsFromTheEnd(String header, int hops, @Nullable String address) {
        assertEquals(address, SessionKeys.xForwardedFor(hops).apply(with("X-Forwarded-For", header)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=203.0.113.9;proto=https;by=10.0.0.1 | 1 | 203.0.113.9",
                "For=\"[2001:db8:cafe::17]:4711\" | 1 | 2001:db8:cafe::17",
                "proto=http; for=6.6.6.6, for=203.0.113.9, for=10.0.0.1 | 2 | 203.0.113.9",
                "for=_hidden | 1 | ",
                "proto=http | 1 | ",
                "for=6.6.6.6;x=\", for=203.0.113.9 | 1 | 203.0.113.9",
                "for=\"6.6.6.6, for=203.0.113.9;a=\"b,c;d\" | 1 | 203.0.113.9",
            })
    void forwardedCountsTrustedHopsFromTheEnd(String header, int hops, @Nullable String address) {
        assertEquals(address, SessionKeys.forwarded(hops).apply(with("Forwarded", header)));
    }

    @Test
    void severalLinesAreOneList() {
        Request request = with("X-Forwarded-For", "6.6.6.6, 203.0.113.9", "10.0.0.1");
        assertEquals("203.0.113.9", SessionKeys.xForwardedFor(2).apply(request));
        assertNull(SessionKeys.xForwardedFor(1).apply(with("X-Other", "203.0.113.9")));
    }

    @Test
    void headersAndQueryParameters() {
        assertEquals("alice", SessionKeys.header("x-user").apply(with("X-User", "alice")));
        assertNull(SessionKeys.header("x-user").apply(with("X-User", "")));
        assertEquals("a b", SessionKeys.query("sid").apply(with("X-User")));
        assertNull(SessionKeys.query("empty").apply(with("X-User")));
        assertNull(SessionKeys.query("SID").apply(with("X-User")));
    }

    @Test
    void badSettingsAreRefused() {
        assertEquals(
                "trustedHops: 0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> SessionKeys.forwarded(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> SessionKeys.xForwardedFor(-1));
        assertThrows(IllegalArgumentException.class, () -> SessionKeys.header("a b"));
        assertThrows(IllegalArgumentException.class, () -> SessionKeys.query(""));
    }
}
