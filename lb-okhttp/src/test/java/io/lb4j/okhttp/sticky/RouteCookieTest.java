package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteCookieTest {
    private static final RouteCookie COOKIE = RouteCookie.of("JSESSIONID|jsessionid");

    private static @Nullable String route(RouteCookie rule, String path, @Nullable String cookie) {
        return Calls.session(rule, Calls.request(path, cookie));
    }

    /** Those marked * are read otherwise than Apache reads them. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "/p, JSESSIONID=abc.b, b",
                "/p, a=1; JSESSIONID=abc.b; c=2, b",
                "/p, JSESSIONID = abc.b, b",
                "/p, XJSESSIONID=abc.b, ",
                "/p, JSESSIONID=\"abc.b\", b", // *
                "/p, JSESSIONID=abc%2Eb, ",
                "/p, JSESSIONID=abc.x.b, x.b",
                "/p;jsessionid=abc.b, , b",
                "/p?jsessionid=abc.b&z=1, , b",
                "/p;jsessionid=abc.a, JSESSIONID=z.b, a",
                "/p;jsessionid=abc.b;v=1, , b", // * for scolonpathdelim=Off
                "/p;jsessionid=abc.b/y, , b", // *
                "/p?xjsessionid=abc.b, , ", // *
                "/x;xjsessionid=abc.b, , ", // *
            })
    void vectorsOfApache(String path, @Nullable String cookie, @Nullable String route) {
        assertEquals(route, route(COOKIE, path, cookie));
    }

    @ParameterizedTest
    @CsvSource({
        "/a;v=1;jsessionid=abc.b, , b",
        "/a;jsessionid=/c;jsessionid=abc.b, , b",
        "/p;jsessionid=abc%2Eb, , b",
        "/p;jsession%69d=abc.b, , b",
        "/p;jsessionid=abc.%zz, , %zz",
        "/p;jsessionid=abc.a+b, , a+b",
        "/p;jsessionid, , ",
        "/p;jsessionid=abc, JSESSIONID=z.b, b",
        "/p?jsessionid=abc.b#x.c, , b",
        "/p?jsessionid, , ",
        "/p?jsessionid=none&jsessionid=abc.b, , b",
        "/p?JSESSIONID=abc.b, , ",
        "/p, jsessionid=abc.b, ",
        "/p, JSESSIONID=abc., ",
        "/p, JSESSIONID=none; JSESSIONID=abc.b, b",
        "/p, JSESSIONID, ",
        "/p, =abc.b; ;; JSESSIONID==.b, b",
    })
    void oddRequests(String path, @Nullable String cookie, @Nullable String route) {
        assertEquals(route, route(COOKIE, path, cookie));
    }

    @Test
    void theCookieComesFirstIfWanted() {
        RouteCookie rule = COOKIE.withCookieFirst();
        assertEquals("b", route(rule, "/p;jsessionid=abc.a", "JSESSIONID=z.b"));
        assertEquals("a", route(rule, "/p;jsessionid=abc.a", null));
    }

    @Test
    void otherSeparatorsOrNone() {
        assertEquals("b.c", route(COOKIE.withSeparator('!'), "/", "JSESSIONID=abc!b.c"));
        assertNull(route(COOKIE.withSeparator('!'), "/", "JSESSIONID=abc.b"));
        assertEquals("node.1", route(COOKIE.withoutSeparator(), "/", "JSESSIONID=node.1"));
    }

    @Test
    void cookiesAreDecodedIfWanted() {
        assertEquals("b", route(COOKIE.withUrlDecoding(), "/", "JSESSIONID=abc%2Eb"));
        assertEquals("50%", route(COOKIE.withUrlDecoding(), "/", "JSESSIONID=abc.50%"));
    }

    @Test
    void severalCookieHeadersAreOne() {
        var request = Calls.request("/", "a=1")
                .newBuilder()
                .addHeader("Cookie", "JSESSIONID=abc.b")
                .build();
        assertEquals("b", Calls.session(COOKIE, request));
    }

    @Test
    void theRouteFindsItsNode() {
        NodeSet nodes = Calls.nodes("a", "b");
        Node b = nodes.get(1);
        assertSame(b, COOKIE.lookup("b", nodes, 0));
        assertNull(COOKIE.lookup("c", nodes, 0));
        COOKIE.bind("c", b, 0);
        assertNull(COOKIE.lookup("c", nodes, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "|", "a|", "|b", "a|b|c", "a b", "a=b", "a;"})
    void badNamesAreRefused(String names) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> RouteCookie.of(names))
                .getMessage()
                .contains("for instance \"JSESSIONID"));
    }

    @ParameterizedTest
    @ValueSource(chars = {' ', ';', '=', '"', ',', 'ü', '\n'})
    void badSeparatorsAreRefused(char separator) {
        assertThrows(IllegalArgumentException.class, () -> COOKIE.withSeparator(separator));
    }
}
