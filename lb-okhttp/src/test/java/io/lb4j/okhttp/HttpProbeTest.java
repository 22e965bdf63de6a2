package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.HealthProbe.Schedule;
import io.lb4j.HealthProbe.Verdict;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("socket")
@Timeout(60)
class HttpProbeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static HttpProbe.Builder probe(Wire wire) {
        return HttpProbe.builder(wire.client(), wire.url(Fleet.SERVICE, "/health"));
    }

    private static Verdict check(HttpProbe.Builder probe, TestServer server) throws Exception {
        return probe.build().check(server.endpoint(), PATIENCE);
    }

    private static String reasonOf(HttpProbe.Builder probe, TestServer server) {
        return String.valueOf(
                assertThrows(IOException.class, () -> check(probe, server)).getMessage());
    }

    private static MockResponse answer(int code, String body) {
        return new MockResponse.Builder().code(code).body(body).build();
    }

    // ------------------------------------------------------------------------------------------ asking

    @ParameterizedTest
    @EnumSource(Wire.class)
    void asksTheEndpointItselfUnderTheNameOfTheService(Wire wire) throws Exception {
        try (TestServer server = new TestServer("A", wire)) {
            HttpProbe.Builder probe = probe(wire).method("OPTIONS").header("X-Probe", "yes");
            assertEquals(Verdict.PASS, check(probe, server));
            RecordedRequest request = server.mock().takeRequest();
            assertEquals("OPTIONS", request.getMethod());
            assertEquals("/health", request.getTarget());
            assertEquals(Fleet.SERVICE, request.getUrl().host());
            assertEquals("yes", request.getHeaders().get("X-Probe"));
            assertEquals("lb4j-health-probe", request.getHeaders().get("User-Agent"));
        }
    }

    @Test
    void aHostOfItsOwnIsSent() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            assertEquals(Verdict.PASS, check(probe(Wire.HTTP_1_1).header("Host", "internal.test"), server));
            assertEquals(
                    "internal.test", server.mock().takeRequest().getHeaders().get("Host"));
        }
    }

    @Test
    void inRewriteModeTheHostIsTheEndpoints() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            assertEquals(Verdict.PASS, check(probe(Wire.HTTP_1_1).rewrite(), server));
            assertEquals(
                    server.endpoint().id(),
                    server.mock().takeRequest().getHeaders().get("Host"));
        }
    }

    @Test
    void theSchemeOfTheEndpointCounts() throws Exception {
        try (TestServer server = new TestServer("A", Wire.H2_TLS)) {
            HttpProbe probe = HttpProbe.get(Wire.H2_TLS.client(), "http://" + Fleet.SERVICE + "/health");
            assertEquals(Verdict.PASS, probe.check(server.endpoint().withScheme("https"), PATIENCE));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void eachEndpointHasAConnectionThatIsUsedAgain(Wire wire) throws Exception {
        try (TestServer a = new TestServer("A", wire);
                TestServer b = new TestServer("B", wire)) {
            HttpProbe probe = probe(wire).expectBody("A"::equals).build();
            for (int i = 0; i < 3; i++) {
                assertEquals(Verdict.PASS, probe.check(a.endpoint(), PATIENCE));
                assertThrows(UnhealthyException.class, () -> probe.check(b.endpoint(), PATIENCE));
            }
            for (int i = 0; i < 3; i++) {
                assertEquals(0, a.mock().takeRequest().getConnectionIndex());
                assertEquals(0, b.mock().takeRequest().getConnectionIndex());
            }
        }
    }

    @Test
    void theConnectionsOfTheTrafficAreLeftAlone() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            HttpProbe probe = HttpProbe.get(fleet.client(), "http://" + Fleet.SERVICE + "/health");
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            probe.check(fleet.server(0).endpoint(), PATIENCE);
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals(0, fleet.server(0).mock().takeRequest().getConnectionIndex());
            assertEquals(1, fleet.server(0).mock().takeRequest().getConnectionIndex());
            assertEquals(0, fleet.server(0).mock().takeRequest().getConnectionIndex());
            assertEquals(1, fleet.client().connectionPool().connectionCount());
        }
    }

    @Test
    void interceptorsListenersCacheAndCookiesOfTheClientAreNotUsed(@TempDir Path folder) throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1);
                Cache cache = new Cache(folder.toFile(), 1_000_000)) {
            server.handle(request -> new MockResponse.Builder()
                    .addHeader("Cache-Control", "max-age=100")
                    .addHeader("Set-Cookie", "a=b")
                    .build());
            Interceptor trap = chain -> {
                throw new AssertionError("an interceptor saw the probe");
            };
            EventListener deaf = new EventListener() {
                @Override
                public void callStart(Call call) {
                    throw new AssertionError("a listener heard of the probe");
                }
            };
            CountingCookies cookies = new CountingCookies();
            OkHttpClient client = Wire.HTTP_1_1
                    .client()
                    .newBuilder()
                    .addInterceptor(trap)
                    .addNetworkInterceptor(trap)
                    .eventListener(deaf)
                    .cache(cache)
                    .cookieJar(cookies)
                    .build();
            HttpProbe probe = HttpProbe.get(client, "http://" + Fleet.SERVICE + "/health");
            probe.check(server.endpoint(), PATIENCE);
            probe.check(server.endpoint(), PATIENCE);
            assertEquals(2, server.hits());
            assertEquals(0, cookies.asked);
            assertEquals(0, cache.requestCount());
        }
    }

    private static final class CountingCookies implements CookieJar {
        private int asked;

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            asked++;
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            asked++;
            return List.of();
        }
    }

    // ------------------------------------------------------------------------------------------ judging

    @ParameterizedTest
    @CsvSource({
        "200, , true",
        "299, , true",
        "404, , false",
        "503, , false",
        "204, '200,204', true",
        "201, '200, 204', false",
        "404, '200 - 299,404', true"
    })
    void theStatusDecides(int status, String expected, boolean passes) throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            server.handle(request -> new MockResponse.Builder().code(status).build());
            HttpProbe.Builder probe = probe(Wire.HTTP_1_1);
            if (expected != null) {
                probe.expectStatus(expected);
            }
            if (passes) {
                assertEquals(Verdict.PASS, check(probe, server));
            } else {
                String ranges = expected == null ? "200-299" : expected;
                assertEquals("status " + status + " (expected: " + ranges + ")", reasonOf(probe, server));
            }
        }
    }

    @Test
    void aRedirectToALoginPageIsNotHealth() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            server.handle(request -> Objects.equals(request.getTarget(), "/login")
                    ? answer(200, "log in")
                    : new MockResponse.Builder()
                            .code(302)
                            .addHeader("Location", "/login")
                            .build());
            assertEquals("status 302 (expected: 200-299)", reasonOf(probe(Wire.HTTP_1_1), server));
            assertEquals(1, server.hits());
        }
    }

    @Test
    void headersAreLookedAt() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            server.handle(request ->
                    new MockResponse.Builder().addHeader("X-Role", "primary").build());
            assertEquals(Verdict.PASS, check(probe(Wire.HTTP_1_1).expectHeader("x-role", "primary"::equals), server));
            assertEquals(
                    "header X-Role: \"primary\", not as expected",
                    reasonOf(probe(Wire.HTTP_1_1).expectHeader("X-Role", "replica"::equals), server));
            assertEquals(
                    "header X-Other: missing, not as expected",
                    reasonOf(probe(Wire.HTTP_1_1).expectHeader("X-Other", Objects::nonNull), server));
        }
    }

    @Test
    void allConditionsOfTheBodyMustHold() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            server.handle(request -> answer(200, "ready: y\u00e9s"));
            HttpProbe.Builder probe =
                    probe(Wire.HTTP_1_1).expectBody(Pattern.compile("y\u00e9s$").asPredicate());
            assertEquals(Verdict.PASS, check(probe, server));
            probe.expectBody(Pattern.compile("^no").asPredicate());
            assertEquals("body not as expected", reasonOf(probe, server));
        }
    }

    @Test
    void noMoreThan256KilobytesOfABodyAreLookedAt() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            String filling = "x".repeat((int) HttpProbe.LONGEST_BODY - 1);
            HttpProbe.Builder probe = probe(Wire.HTTP_1_1).expectBody(body -> body.contains("!"));
            server.handle(request -> answer(200, filling + "!"));
            assertEquals(Verdict.PASS, check(probe, server));
            server.handle(request -> answer(200, filling + "x!"));
            assertEquals("body not as expected", reasonOf(probe, server));
        }
    }

    @Test
    void aDeepProbeReadsTheHealthDocument() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            HttpProbe.Builder probe = probe(Wire.HTTP_1_1).healthDocument();
            server.handle(request -> answer(200, "{\"status\":\"UP\"}"));
            assertEquals(Verdict.PASS, check(probe, server));
            assertTrue(String.valueOf(server.mock().takeRequest().getHeaders().get("Accept"))
                    .startsWith("application/health+json"));
            server.handle(request -> answer(200, "{\"status\":\"warn\"}"));
            assertEquals(Verdict.DEGRADED, check(probe, server));
            server.handle(request -> answer(200, "<html>"));
            assertEquals("health document: not JSON at character 0 (expected: a value)", reasonOf(probe, server));
            server.handle(request -> answer(200, " ".repeat((int) HttpProbe.LONGEST_BODY) + "{}"));
            assertEquals("health document longer than 262144 bytes", reasonOf(probe, server));
        }
    }

    @Test
    void aBadStatusSaysAlsoWhatTheHealthDocumentSays() throws Exception {
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            HttpProbe.Builder probe = probe(Wire.HTTP_1_1).healthDocument();
            server.handle(
                    request -> answer(503, "{\"status\":\"DOWN\",\"components\":{\"db\":{\"status\":\"DOWN\"}}}"));
            assertEquals("status 503 (expected: 200-299), status DOWN: db DOWN", reasonOf(probe, server));
            server.handle(request -> answer(503, "nothing"));
            assertEquals("status 503 (expected: 200-299)", reasonOf(probe, server));
        }
    }

    // ------------------------------------------------------------------------------------------ failing

    @Test
    void itsOwnTimeoutEndsIt() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (TestServer server = new TestServer("A", Wire.HTTP_1_1)) {
            server.handle(request -> {
                assertTrue(over.await(30, TimeUnit.SECONDS));
                return answer(200, "");
            });
            HttpProbe probe =
                    probe(Wire.HTTP_1_1).timeout(Duration.ofMillis(100)).build();
            long start = System.nanoTime();
            assertThrows(InterruptedIOException.class, () -> probe.check(server.endpoint(), PATIENCE));
            assertTrue(System.nanoTime() - start < PATIENCE.toNanos());
            HttpProbe patient = probe(Wire.HTTP_1_1).timeout(PATIENCE).build();
            assertThrows(InterruptedIOException.class, () -> patient.check(server.endpoint(), Duration.ofMillis(100)));
            assertTrue(System.nanoTime() - start < PATIENCE.toNanos());
            over.countDown();
        }
    }

    @Test
    void aClosedPortIsNamed() {
        TestServer server = new TestServer("A", Wire.HTTP_1_1);
        Endpoint endpoint = server.endpoint();
        server.close();
        HttpProbe probe = probe(Wire.HTTP_1_1).build();
        ConnectException failure = assertThrows(ConnectException.class, () -> probe.check(endpoint, PATIENCE));
        assertTrue(String.valueOf(failure.getCause()).contains(":" + endpoint.port()), failure.toString());
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void nodesGoDownDegradeAndComeBack(Wire wire) {
        try (TestServer server = new TestServer("A", wire);
                LoadBalancer balancer = LoadBalancer.builder(
                                Fleet.SERVICE, EndpointSource.of(server.endpoint()), Balancers.roundRobin())
                        .healthProbe(
                                probe(wire).healthDocument().build(),
                                Schedule.standard()
                                        .withInterval(Duration.ofMillis(20))
                                        .withDownInterval(Duration.ofMillis(20)))
                        .build()) {
            Node node = balancer.nodes().get(0);
            server.handle(request -> answer(200, "{\"status\":\"UP\"}"));
            Eventually.equal(Node.State.UP, node::state);
            server.handle(request -> answer(503, "{\"status\":\"DOWN\"}"));
            Eventually.equal(Node.State.DOWN, node::state);
            assertTrue(node.reason().contains("status 503 (expected: 200-299), status DOWN"), node.reason());
            server.handle(request -> answer(200, "{\"status\":\"warn\"}"));
            Eventually.equal(Node.State.DEGRADED, node::state);
            server.handle(request -> answer(200, "{\"status\":\"pass\"}"));
            Eventually.equal(Node.State.UP, node::state);
        }
    }

    // ------------------------------------------------------------------------------------------ bad input

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orders/health           | an http or https URL",
                "ftp://orders/health     | an http or https URL",
                "http://10.0.0.1/health  | a host name",
            })
    void aBadUrlIsRefused(String url, String expected) {
        OkHttpClient client = new OkHttpClient();
        String message = messageOf(() -> HttpProbe.get(client, url));
        assertTrue(message.contains(expected), message);
    }

    @ParameterizedTest
    @CsvSource({"''", "2xx", "99", "600", "'200,'", "300-200", "200-"})
    void badStatusesAreRefused(String statuses) {
        HttpProbe.Builder builder = probe(Wire.HTTP_1_1);
        String message = messageOf(() -> builder.expectStatus(statuses));
        assertTrue(message.contains("for instance \"200-299,304\""), message);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        HttpProbe.Builder head = probe(Wire.HTTP_1_1).method("HEAD").expectBody(body -> true);
        assertTrue(messageOf(head::build).contains("GET"));
        HttpProbe.Builder builder = probe(Wire.HTTP_1_1);
        assertTrue(messageOf(() -> builder.timeout(Duration.ZERO)).contains(">= 1 ms"));
        assertTrue(messageOf(() -> builder.method("")).contains("method"));
    }

    private static String messageOf(Executable bad) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, bad).getMessage());
    }
}
