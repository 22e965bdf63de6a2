package io.lb4j.okhttp;

import static io.lb4j.okhttp.Sticky.bindToB;
import static io.lb4j.okhttp.Sticky.get;
import static io.lb4j.okhttp.Sticky.getFromB;
import static io.lb4j.okhttp.Sticky.id;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.SessionFallback;
import io.lb4j.okhttp.sticky.LearnedCookie;
import io.lb4j.okhttp.sticky.RouteCookie;
import io.lb4j.okhttp.sticky.SessionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.MockResponse;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application's own cookie names its node, or is learned from the node that sets it. */
@Tag("socket")
@Timeout(60)
class ApplicationCookieTest {
    private final TestJar jar = new TestJar();

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aRouteInTheJarsCookieLeadsToItsNode(Wire wire) throws IOException {
        RouteCookie route = RouteCookie.of("JSESSIONID");
        try (Fleet fleet = Fleet.of(wire, 2)
                .client(builder -> builder.cookieJar(jar))
                .balancing(builder -> builder.stickiness(route, SessionFallback.REBIND))
                .service(service -> service.withSessions(route))
                .start()) {
            TestServer a = fleet.server(0);
            a.handle(request -> a.answer(200)
                    .newBuilder()
                    .addHeader("Set-Cookie", "JSESSIONID=abc." + id(fleet, 1))
                    .build());
            assertEquals("200 A", get(fleet));
            assertEquals("200 B", get(fleet));
            assertEquals("200 A", fleet.answerTo(fleet.get("/;JSESSIONID=abc." + id(fleet, 0))));
        }
    }

    private Fleet learning(Wire wire, SessionTable table) {
        LearnedCookie learned = LearnedCookie.of("PHPSESSID", table);
        return Fleet.of(wire, 3)
                .client(builder -> builder.cookieJar(jar))
                .balancing(builder -> builder.stickiness(table, SessionFallback.REBIND))
                .service(service -> service.withSessions(learned))
                .start();
    }

    private static MockResponse setting(TestServer server, int code, String cookie, String location) {
        return server.answer(code)
                .newBuilder()
                .addHeader("Set-Cookie", cookie)
                .addHeader("Location", location)
                .build();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aCookieIsLearnedFromTheNodeThatSetsIt(Wire wire) throws IOException {
        SessionTable table = SessionTable.create();
        try (Fleet fleet = learning(wire, table)) {
            fleet.server(1).handle(request -> setting(fleet.server(1), 200, "PHPSESSID=xyz; Path=/", "/"));
            bindToB(fleet);
            assertEquals(1, table.size());
            assertEquals("200 B", get(fleet));
            jar.clear();
            assertEquals("200 A", get(fleet));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aLearnedCookieIsKnownToAllThreadsAtOnce(Wire wire) throws IOException {
        try (Fleet fleet = learning(wire, SessionTable.create())) {
            fleet.server(1).handle(request -> setting(fleet.server(1), 200, "PHPSESSID=xyz", "/"));
            bindToB(fleet);
            jar.clear();
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Request request =
                        fleet.request("/").header("Cookie", "PHPSESSID=xyz").build();
                answers.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return fleet.answerTo(fleet.client().newCall(request));
                    } catch (IOException e) {
                        return e.toString();
                    }
                }));
            }
            answers.forEach(answer -> assertEquals("200 B", answer.join()));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void aLoginThatRedirectsIsLearnedFromAndALogoutForgotten(Wire wire) throws IOException {
        SessionTable table = SessionTable.create();
        try (Fleet fleet = learning(wire, table)) {
            TestServer b = fleet.server(1);
            b.handle(request -> switch (request.getTarget()) {
                case "/login" -> setting(b, 302, "PHPSESSID=xyz", "/home");
                case "/logout" -> setting(b, 200, "PHPSESSID=gone; max-age=0", "/");
                default -> b.answer(200);
            });
            assertEquals("200 B", getFromB(fleet, fleet.get("/login")));
            assertEquals("200 B", get(fleet));
            assertEquals("200 B", fleet.answerTo(fleet.get("/logout")));
            assertEquals(0, table.size());
            assertEquals("200 A", get(fleet));
        }
    }
}
