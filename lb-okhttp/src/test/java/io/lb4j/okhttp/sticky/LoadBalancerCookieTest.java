package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NodeSet;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadBalancerCookieTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    private final NodeSet nodes = Calls.nodes("server1", "server2", "größe; 50%");
    private final List<Cookie> saved = new ArrayList<>();

    private final CookieJar jar = new CookieJar() {
        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            saved.addAll(cookies);
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return saved.stream().filter(cookie -> cookie.matches(url)).toList();
        }
    };

    /** Lets a node answer a request of a session, and returns the Set-Cookie for the browser. */
    private @Nullable String answer(LoadBalancerCookie cookie, int node, @Nullable String session, boolean bound) {
        Request request = Calls.request("/", null);
        Response response = new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .receivedResponseAtMillis(1_000)
                .build();
        return cookie.answered(new SessionAnswer(
                        request, response, session, nodes.get(node), bound, CallCookies.of(request, jar)))
                .header("Set-Cookie");
    }

    private @Nullable String kept(LoadBalancerCookie cookie) {
        Request request = Calls.request("/", null);
        return cookie.session(request, CallCookies.of(request, jar));
    }

    @Test
    void theJarKeepsTheNode() {
        LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID").build();
        assertNull(answer(cookie, 1, null, true));
        assertEquals("server2", kept(cookie));
        assertSame(nodes.get(1), cookie.lookup("server2", nodes, 0));
        assertNull(cookie.lookup("server9", nodes, 0));
    }

    @Test
    void nothingIsSetAgainUnlessTheSessionMoves() {
        LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID").build();
        answer(cookie, 1, "server2", true);
        answer(cookie, 0, "server2", false); // a detour
        answer(cookie, 0, null, false); // a failure
        assertEquals(List.of(), saved);
        answer(cookie, 0, "server2", true);
        assertEquals("server1", kept(cookie));
    }

    @Test
    void theCookieHasTheAttributesAskedFor() {
        LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID")
                .path("/shop")
                .maxAge(Duration.ofMinutes(2))
                .secure(true)
                .sameSite(LoadBalancerCookie.SameSite.LAX)
                .build();
        answer(cookie, 1, null, true);
        Cookie kept = saved.get(0);
        assertEquals("orders", kept.domain());
        assertTrue(kept.hostOnly() && kept.secure() && kept.httpOnly());
        assertEquals("/shop", kept.path());
        assertEquals(121_000, kept.expiresAt());
        assertEquals("Lax", kept.sameSite());
    }

    @Test
    void theSecureCookieOfAServiceIsFoundBeforeTheEndpointMakesTheUrlHttps() {
        LoadBalancerCookie cookie =
                LoadBalancerCookie.builder("SERVERID").secure(true).build();
        answer(cookie, 1, null, true);
        assertEquals("server2", kept(cookie));
    }

    @Test
    void aGatewayHandsTheCookieOnAndLeavesTheJarAlone() {
        LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID")
                .handedOn()
                .maxAge(Duration.ofMinutes(2))
                .secure(true)
                .httpOnly(false)
                .sameSite(LoadBalancerCookie.SameSite.NONE)
                .build();
        assertEquals("SERVERID=server2; Path=/; Max-Age=120; Secure; SameSite=None", answer(cookie, 1, null, true));
        assertEquals(List.of(), saved);
        saved.add(new Cookie.Builder()
                .name("SERVERID")
                .value("server1")
                .hostOnlyDomain("orders")
                .build());
        assertNull(kept(cookie), "the jar is everybody's");
        assertEquals("server2", Calls.session(cookie, Calls.request("/", "a=1; SERVERID=server2")));
    }

    @Test
    void aPlainValueIsEncodedWhereACookieCannotHoldIt() {
        LoadBalancerCookie cookie =
                LoadBalancerCookie.builder("SERVERID").handedOn().build();
        assertEquals("SERVERID=gr%C3%B6%C3%9Fe%3B%2050%25; Path=/; HttpOnly", answer(cookie, 2, null, true));
        assertSame(nodes.get(2), cookie.lookup("gr%C3%B6%C3%9Fe%3B%2050%25", nodes, 0));
    }

    @Test
    void anOpaqueValueIsAKeyedCodeAndNothingElseIsTaken() {
        LoadBalancerCookie cookie =
                LoadBalancerCookie.builder("SERVERID").opaque(KEY).build();
        answer(cookie, 1, null, true);
        String value = kept(cookie);
        assertNotNull(value);
        // printf %s 'SERVERID=server2' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef -binary | basenc
        // --base64url
        assertEquals("-m-GosIDcCxOynM3SLrsKIDRn4pr9qCxvRm1cPWhdik", value);
        assertSame(nodes.get(1), cookie.lookup(value, nodes, 0));
        assertNull(cookie.lookup("server2", nodes, 0), "the route itself");
        for (int i = 0; i < value.length(); i++) {
            char other = value.charAt(i) == 'A' ? 'B' : 'A';
            assertNull(cookie.lookup(value.substring(0, i) + other + value.substring(i + 1), nodes, 0));
        }
        LoadBalancerCookie otherKey = LoadBalancerCookie.builder("SERVERID")
                .opaque("another key, of another service".getBytes(StandardCharsets.UTF_8))
                .build();
        assertNull(otherKey.lookup(value, nodes, 0));
    }

    @Test
    void newNodesAreFoundAndOldOnesAreNot() {
        LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID").build();
        assertSame(nodes.get(0), cookie.lookup("server1", nodes, 0));
        NodeSet later = Calls.nodes("server3", "server4");
        assertNull(cookie.lookup("server1", later, 0));
        assertSame(later.get(1), cookie.lookup("server4", later, 0));
    }

    @Test
    void badSettingsAreRefused() {
        LoadBalancerCookie.Builder builder = LoadBalancerCookie.builder("SERVERID");
        assertThrows(IllegalArgumentException.class, () -> LoadBalancerCookie.builder("a b"));
        assertThrows(IllegalArgumentException.class, () -> builder.path("shop"));
        assertThrows(IllegalArgumentException.class, () -> builder.path("/a;Domain=evil"));
        assertThrows(IllegalArgumentException.class, () -> builder.maxAge(Duration.ofMillis(999)));
        assertEquals(
                "key: \"15 bytes\" (expected: at least 16 bytes, better 32 random ones)",
                assertThrows(IllegalArgumentException.class, () -> builder.opaque(new byte[15]))
                        .getMessage());
        builder.sameSite(LoadBalancerCookie.SameSite.NONE);
        assertThrows(IllegalArgumentException.class, builder::build);
    }
}
