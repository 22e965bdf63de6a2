package io.lb4j.okhttp;

import static io.lb4j.okhttp.Sticky.bindToB;
import static io.lb4j.okhttp.Sticky.get;
import static io.lb4j.okhttp.Sticky.getFromB;
import static io.lb4j.okhttp.Sticky.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.HealthTracker;
import io.lb4j.NoEndpointAvailableException;
import io.lb4j.Node;
import io.lb4j.SessionFallback;
import io.lb4j.okhttp.sticky.LoadBalancerCookie;
import io.lb4j.okhttp.sticky.SessionKeys;
import io.lb4j.okhttp.sticky.SessionTable;
import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Cookie;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions stay on their node; the algorithm alone would always take the first. */
@Tag("socket")
@Timeout(60)
class StickySessionTest {
    private final TestJar jar = new TestJar();
    private final LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID")
            .opaque(new byte[32])
            .secure(true)
            .build();

    private Fleet.Plan plan(Wire wire, SessionFallback fallback) {
        return Fleet.of(wire, 3)
                .client(builder -> builder.cookieJar(jar))
                .balancing(builder -> builder.stickiness(cookie, fallback))
                .service(service -> service.withSessions(cookie));
    }

    // ------------------------------------------------------------------------------------------ our own cookie

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aSessionStays(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.REBIND).start()) {
            assertEquals("200 A", get(fleet));
            jar.clear();
            bindToB(fleet);
            for (int i = 0; i < 3; i++) {
                assertEquals("200 B", get(fleet));
            }
            jar.clear();
            assertEquals("200 A", get(fleet), "without a session");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aPersistentJarKeepsTheSessionOverARestart(Wire wire) throws IOException {
        LoadBalancerCookie plain = LoadBalancerCookie.builder("SERVERID").build();
        for (String expected : List.of("B", "C")) { // each fleet has servers of its own
            jar.clear();
            try (Fleet fleet = plan(wire, SessionFallback.REBIND)
                    .balancing(builder -> builder.stickiness(plain, SessionFallback.REBIND))
                    .service(service -> service.withSessions(plain))
                    .start()) {
                int server = expected.equals("B") ? 1 : 2;
                jar.saveFromResponse(
                        HttpUrl.get(wire.url(Fleet.SERVICE, "/")),
                        List.of(new Cookie.Builder()
                                .name("SERVERID")
                                .value(id(fleet, server))
                                .hostOnlyDomain(Fleet.SERVICE)
                                .build()));
                assertEquals("200 " + expected, get(fleet));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aSessionMovesForGoodWhenItsNodeIsEjected(Wire wire) throws IOException {
        HealthTracker firstFailure = node -> (lease, outcome, now, control) -> {
            if (outcome.isFailure()) {
                boolean ignored = control.eject(node, Duration.ofHours(1), "a test");
            }
        };
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = plan(wire, SessionFallback.REBIND)
                .balancing(builder -> builder.ticker(time)
                        .scheduler(time)
                        .healthTracker(firstFailure)
                        .stickiness(cookie, SessionFallback.REBIND))
                .start()) {
            bindToB(fleet);
            String before = jar.value("SERVERID");
            MockResponse broken = new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build();
            fleet.server(1).handle(request -> broken).effects(broken);
            assertEquals("200 A", get(fleet), "retried");
            assertEquals(Node.State.EJECTED, fleet.loadBalancer().nodes().get(1).state());
            assertEquals("200 A", get(fleet));
            assertNotEquals(before, jar.value("SERVERID"));
            fleet.server(1).alwaysAnswer(200).effects(new MockResponse.Builder().build());
            time.advance(Duration.ofHours(2));
            assertEquals("200 A", get(fleet), "moved for good");
            jar.clear();
            assertEquals("200 B", get(fleet), "a new session is the trial");
            assertEquals(Node.State.UP, fleet.loadBalancer().nodes().get(1).state());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aReturningNodeDoesNotStealReboundSessions(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.REBIND).start()) {
            bindToB(fleet);
            fleet.loadBalancer().disable(id(fleet, 1));
            assertEquals("200 A", get(fleet));
            fleet.loadBalancer().enable(id(fleet, 1));
            assertEquals("200 A", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aDetourLeavesTheCookieAsItIs(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.DETOUR).start()) {
            bindToB(fleet);
            fleet.loadBalancer().disable(id(fleet, 1));
            assertEquals("200 A", get(fleet));
            fleet.loadBalancer().enable(id(fleet, 1));
            assertEquals("200 B", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aSessionThatMustNotMoveFails(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.FAIL).start()) {
            bindToB(fleet);
            fleet.loadBalancer().disable(id(fleet, 1));
            IOException failure = assertThrows(IOException.class, () -> get(fleet));
            NoEndpointAvailableException cause =
                    assertInstanceOf(NoEndpointAvailableException.class, failure.getCause());
            assertEquals(NoEndpointAvailableException.Reason.STICKY_TARGET_DOWN, cause.reason());
            jar.clear();
            assertEquals("200 A", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aDrainingNodeKeepsItsSessionsUntilTheDeadline(Wire wire) throws IOException {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = plan(wire, SessionFallback.REBIND)
                .balancing(builder -> builder.ticker(time).scheduler(time).stickiness(cookie, SessionFallback.REBIND))
                .start()) {
            bindToB(fleet);
            CompletableFuture<Integer> drained = fleet.loadBalancer().drain(id(fleet, 1), Duration.ofMinutes(5));
            time.advance(Duration.ofMinutes(4));
            assertEquals("200 B", get(fleet));
            assertFalse(drained.isDone());
            time.advance(Duration.ofMinutes(1));
            assertEquals(0, drained.join());
            assertEquals("200 A", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aTamperedCookieIsNoSessionAndNoError(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.FAIL).start()) {
            Request request = fleet.request("/")
                    .header("Cookie", "SERVERID=x\"%00" + id(fleet, 1))
                    .build();
            assertEquals("200 A", fleet.answerTo(fleet.client().newCall(request)));
            assertEquals("200 A", get(fleet), "a good one has been set");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aFailureSetsNoCookie(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.REBIND).start()) {
            for (int i = 0; i < 3; i++) {
                fleet.server(i).alwaysAnswer(503);
            }
            get(fleet);
            assertNull(jar.value("SERVERID"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anOverriddenCallMovesNoSession(Wire wire) throws IOException {
        try (Fleet fleet = plan(wire, SessionFallback.REBIND).start()) {
            bindToB(fleet);
            Request request = fleet.request("/")
                    .tag(EndpointOverride.class, EndpointOverride.to(id(fleet, 2)))
                    .build();
            assertEquals("200 C", fleet.answerTo(fleet.client().newCall(request)));
            assertEquals("200 B", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aFailingTrackerLosesNoAnswer(Wire wire) throws IOException {
        SessionTracking broken = new SessionTracking() {
            @Override
            public @Nullable String session(Request request, CallCookies cookies) {
                return null;
            }

            @Override
            public Response answered(SessionAnswer answer) {
                throw new IllegalStateException("a test");
            }
        };
        try (Fleet fleet = Fleet.of(wire, 2)
                .balancing(builder -> builder.stickiness(SessionTable.create(), SessionFallback.REBIND))
                .service(service -> service.withSessions(broken))
                .start()) {
            assertEquals("200 A", get(fleet));
            assertEquals(0, fleet.inFlight());
        }
    }

    // ------------------------------------------------------------------------------------------ other keys

    @ParameterizedTest
    @EnumSource(Wire.class)
    void theClientsAddressIsASession(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 3)
                .balancing(builder -> builder.stickiness(SessionTable.create(), SessionFallback.REBIND))
                .service(service -> service.withSession(SessionKeys.xForwardedFor(1)))
                .start()) {
            Request.Builder alice = fleet.request("/").header("X-Forwarded-For", "203.0.113.9");
            assertEquals("200 B", getFromB(fleet, fleet.client().newCall(alice.build())));
            assertEquals("200 B", fleet.answerTo(fleet.client().newCall(alice.build())));
            assertEquals("200 A", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aGatewayHandsTheCookieOnToTheBrowser(Wire wire) throws IOException {
        LoadBalancerCookie handedOn =
                LoadBalancerCookie.builder("SERVERID").handedOn().build();
        try (Fleet fleet = Fleet.of(wire, 3)
                .balancing(builder -> builder.stickiness(handedOn, SessionFallback.REBIND))
                .service(service -> service.withSessions(handedOn))
                .start()) {
            try (Response response = fleet.get("/").execute()) {
                assertEquals("SERVERID=" + id(fleet, 0) + "; Path=/; HttpOnly", response.header("Set-Cookie"));
            }
            Request request = fleet.request("/")
                    .header("Cookie", "SERVERID=" + id(fleet, 1))
                    .build();
            try (Response response = fleet.client().newCall(request).execute()) {
                assertEquals("B", response.body().string());
                assertNull(response.header("Set-Cookie"));
            }
        }
    }
}
