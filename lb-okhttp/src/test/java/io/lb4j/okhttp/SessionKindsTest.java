package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.SessionFallback;
import io.lb4j.hash.ConsistentHash;
import io.lb4j.okhttp.sticky.LoadBalancerCookie;
import io.lb4j.okhttp.sticky.RouteCookie;
import io.lb4j.okhttp.sticky.SessionKeys;
import io.lb4j.okhttp.sticky.SessionTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of callers behind a gateway, sessions that a node hands on, and sessions that nobody keeps. */
@Tag("socket")
@Timeout(60)
class SessionKindsTest {
    private static Request.Builder withClaim(Fleet fleet, String subject) {
        String claims = Base64.getUrlEncoder()
                .encodeToString(("{\"sub\":\"" + subject + "\"}").getBytes(StandardCharsets.UTF_8));
        return fleet.request("/").header("Authorization", "Bearer e30." + claims + ".c2ln");
    }

    private static Request.Builder withAddress(Fleet fleet, String address) {
        return fleet.request("/").tag(InboundRequest.class, InboundRequest.from(address));
    }

    private static String answerTo(Fleet fleet, Request.Builder request) throws IOException {
        return fleet.answerTo(fleet.client().newCall(request.build()));
    }

    private static Fleet keeping(Wire wire, Function<Request, @Nullable String> session) {
        return Fleet.of(wire, 3)
                .balancing(builder -> builder.stickiness(SessionTable.create(), SessionFallback.REBIND))
                .service(service -> service.withSession(session))
                .start();
    }

    /** A session that begins while only B is there stays with B. */
    private static void assertStays(Fleet fleet, Request.Builder mine, Request.Builder others) throws IOException {
        String first = fleet.server(0).endpoint().id();
        fleet.loadBalancer().disable(first);
        assertEquals("200 B", answerTo(fleet, mine));
        fleet.loadBalancer().enable(first);
        assertEquals("200 B", answerTo(fleet, mine));
        assertEquals("200 A", answerTo(fleet, others));
        assertEquals("200 A", answerTo(fleet, fleet.request("/")));
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theSubjectOfATokenIsASession(Wire wire) throws IOException {
        try (Fleet fleet = keeping(wire, SessionKeys.jwtClaim("sub"))) {
            assertStays(fleet, withClaim(fleet, "alice"), withClaim(fleet, "bob"));
            assertEquals("200 A", answerTo(fleet, fleet.request("/").header("Authorization", "Bearer e30.!.c2ln")));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theAddressThatAGatewayTagsIsASession(Wire wire) throws IOException {
        try (Fleet fleet = keeping(wire, SessionKeys.clientAddress())) {
            assertStays(fleet, withAddress(fleet, "203.0.113.9"), withAddress(fleet, "2001:db8::9"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bothAreKeysForHashing(Wire wire) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Function<Request, @Nullable String> key = request -> {
            asked.incrementAndGet();
            return SessionKeys.jwtClaim("sub").apply(request);
        };
        try (Fleet fleet =
                Fleet.of(wire, 3).service(service -> service.withKey(key)).start()) {
            fleet.loadBalancer().switchTo(ConsistentHash.maglev());
            String answer = answerTo(fleet, withClaim(fleet, "alice"));
            for (int i = 0; i < 5; i++) {
                assertEquals(answer, answerTo(fleet, withClaim(fleet, "alice")));
            }
            assertEquals(6, asked.get());
        }
    }

    // ------------------------------------------------------------------------------------------ handed on

    /** B hands its sessions on to C; the routes are a, b and c. */
    private static UnaryOperator<Endpoint> redirecting() {
        AtomicInteger number = new AtomicInteger();
        return endpoint -> {
            Endpoint routed = endpoint.withRoute(Character.toString('a' + number.getAndIncrement()));
            return routed.route().equals("b") ? routed.withAttribute(Endpoint.REDIRECT, "c") : routed;
        };
    }

    private static Stream<Arguments> fallbacksOnEachWire() {
        return Arrays.stream(SessionFallback.values())
                .flatMap(fallback -> Arrays.stream(Wire.values()).map(wire -> Arguments.of(fallback, wire)));
    }

    @ParameterizedTest
    @MethodSource("fallbacksOnEachWire")
    void aCookieOfOurOwnFollowsTheRedirect(SessionFallback fallback, Wire wire) throws IOException {
        LoadBalancerCookie cookie =
                LoadBalancerCookie.builder("SERVERID").handedOn().build();
        try (Fleet fleet = Fleet.of(wire, 3)
                .endpoint(redirecting())
                .balancing(builder -> builder.stickiness(cookie, fallback))
                .service(service -> service.withSessions(cookie))
                .start()) {
            Request request = fleet.request("/").header("Cookie", "SERVERID=b").build();
            assertEquals("200 B", fleet.answerTo(fleet.client().newCall(request)));
            fleet.loadBalancer().disable(fleet.server(1).endpoint().id());
            try (Response response = fleet.client().newCall(request).execute()) {
                assertEquals("C", response.body().string());
                boolean moved = fallback != SessionFallback.DETOUR;
                assertEquals(moved ? "SERVERID=c; Path=/; HttpOnly" : null, response.header("Set-Cookie"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRouteOfTheApplicationIsRedirected(Wire wire) throws IOException {
        RouteCookie cookie = RouteCookie.of("JSESSIONID|jsessionid");
        try (Fleet fleet = Fleet.of(wire, 3)
                .endpoint(redirecting())
                .balancing(builder -> builder.stickiness(cookie, SessionFallback.FAIL))
                .service(service -> service.withSessions(cookie))
                .start()) {
            fleet.loadBalancer().disable(fleet.server(1).endpoint().id());
            assertEquals("200 C", fleet.answerTo(fleet.get("/;jsessionid=abc.b")));
            fleet.loadBalancer().disable(fleet.server(2).endpoint().id());
            assertThrows(
                    IOException.class, () -> fleet.get("/;jsessionid=abc.b").execute());
            assertEquals("200 A", fleet.answerTo(fleet.get("/;jsessionid=abc.a")));
        }
    }

    // ------------------------------------------------------------------------------------------ kept by nobody

    @Test
    void sessionsThatNoPolicyKeepsAreRefused() {
        RouteCookie cookie = RouteCookie.of("JSESSIONID");
        try (LoadBalancer forgetful = LoadBalancer.builder("orders", EndpointSource.of("127.0.0.1:1"), Fleet.IN_ORDER)
                        .build();
                LoadBalancer sticky = LoadBalancer.builder("orders", EndpointSource.of("127.0.0.1:1"), Fleet.IN_ORDER)
                        .stickiness(cookie, SessionFallback.REBIND)
                        .build()) {
            BalancedClient.Builder builder = BalancedClient.wrap(new OkHttpClient());
            for (Service each : new Service[] {
                Service.of(forgetful).withSessions(cookie),
                Service.of(forgetful).withSession(SessionKeys.header("X-User"))
            }) {
                assertEquals(
                        "stickiness of orders: \"none\" (expected: LoadBalancer.builder(...).stickiness(policy, fallback),"
                                + " because the service has sessions)",
                        assertThrows(IllegalArgumentException.class, () -> builder.service(each))
                                .getMessage());
            }
            OkHttpClient client =
                    builder.service(Service.of(sticky).withSessions(cookie)).build();
            assertNull(client.cache());
        }
    }
}
