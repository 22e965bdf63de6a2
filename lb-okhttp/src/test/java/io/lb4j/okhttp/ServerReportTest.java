package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.LoadReport;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.balance.Balancers;
import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServerReportTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();

    private Fleet.Plan reading(Wire wire, ServerReport report) {
        return Fleet.of(wire, 2)
                .balancing(builder -> builder.ticker(time).scheduler(time))
                .service(service -> service.withServerReports(report));
    }

    private static void answersWith(TestServer server, int status, String header, String value) {
        server.handle(request ->
                server.answer(status).newBuilder().addHeader(header, value).build());
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    @Tag("socket")
    void theNodeKnowsTheLoadThatItsServerReports(Wire wire) throws IOException {
        try (Fleet fleet = reading(wire, ServerReport.orca()).start()) {
            answersWith(
                    fleet.server(0),
                    200,
                    "endpoint-load-metrics",
                    "TEXT cpu_utilization=0.5, rps_fractional=100, eps=2");
            time.advance(Duration.ofMillis(5));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            NodeSet nodes = fleet.loadBalancer().nodes();
            assertEquals(
                    new LoadReport(0, 0.5, 100, 2, -1, -1, time.nanoTime()),
                    nodes.get(0).loadReport());
            assertNull(nodes.get(1).loadReport());
        }
    }

    @Test
    @Tag("socket")
    void failuresReportToo() throws IOException {
        try (Fleet fleet = reading(Wire.HTTP_1_1, ServerReport.orca()).start()) {
            answersWith(fleet.server(0), 503, "endpoint-load-metrics", "TEXT cpu_utilization=2");
            assertEquals("200 B", fleet.answerTo(fleet.get("/")), "tried again elsewhere");
            Node first = fleet.loadBalancer().nodes().get(0);
            LoadReport report = first.loadReport();
            assertEquals(2, report == null ? 0 : report.utilization());
        }
    }

    @Test
    @Tag("socket")
    void reportedLoadFollowsTheReports() throws IOException {
        try (Fleet fleet = reading(Wire.HTTP_1_1, ServerReport.orca())
                .balancing(builder -> builder.ticker(time).scheduler(time))
                .start()) {
            fleet.loadBalancer().switchTo(Balancers.reportedLoad());
            answersWith(
                    fleet.server(0),
                    200,
                    "endpoint-load-metrics",
                    "TEXT application_utilization=0.2, rps_fractional=100");
            answersWith(
                    fleet.server(1),
                    200,
                    "endpoint-load-metrics",
                    "TEXT application_utilization=0.6, rps_fractional=100");
            for (int i = 0; i < 60; i++) {
                String ignored = fleet.answerTo(fleet.get("/"));
                time.advance(Duration.ofMillis(250));
            }
            Map<String, Integer> answers = new HashMap<>();
            for (int i = 0; i < 400; i++) {
                answers.merge(fleet.answerTo(fleet.get("/")), 1, Integer::sum);
            }
            assertEquals(300, answers.getOrDefault("200 A", 0), 3, answers.toString());
        }
    }

    @Test
    @Tag("socket")
    void aServerThatAsksForZeroGetsNoRequestsForThatTime() throws IOException {
        ServerReport report = ServerReport.targetWeight("X-Target-Weight", TEN_SECONDS);
        try (Fleet fleet = reading(Wire.HTTP_1_1, report).start()) {
            answersWith(fleet.server(0), 200, "X-Target-Weight", "0");
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            time.advance(Duration.ofMillis(100));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            fleet.server(0).alwaysAnswer(200);
            time.advance(TEN_SECONDS);
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            time.advance(Duration.ofMillis(100));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
        }
    }

    /** What a 304 says is put together with what the cache has of the answer before, perhaps another server's. */
    @Test
    @Tag("socket")
    void whatTheCacheRemembersIsNoReport(@TempDir Path folder) throws IOException {
        try (Cache cache = new Cache(folder.toFile(), 1 << 20);
                Fleet fleet = reading(Wire.HTTP_1_1, ServerReport.orca())
                        .client(builder -> builder.cache(cache))
                        .service(service -> service.withServerReports(ServerReport.orca())
                                .withOutcomes(OutcomeRule.standard()
                                        .heeding(ServerSignal.header("X-Leaving", "1", TEN_SECONDS))))
                        .start()) {
            String metrics = "TEXT cpu_utilization=0.5";
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(200)
                            .newBuilder()
                            .addHeader("ETag", "\"1\"")
                            .addHeader("Cache-Control", "no-cache")
                            .addHeader("endpoint-load-metrics", metrics)
                            .addHeader("X-Leaving", "1")
                            .build());
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            Node second = fleet.loadBalancer().nodes().get(1);
            fleet.server(1)
                    .handle(request -> new MockResponse.Builder().code(304).build());
            assertEquals("200 A", fleet.answerTo(toSecond(fleet)), "from the cache, as B has said that it may");
            assertEquals(1, fleet.server(1).hits());
            assertNull(second.loadReport());
            assertEquals(Node.State.UP, second.state());
            fleet.server(1)
                    .handle(request -> new MockResponse.Builder()
                            .code(304)
                            .addHeader("endpoint-load-metrics", "TEXT cpu_utilization=0.25")
                            .build());
            assertEquals("200 A", fleet.answerTo(toSecond(fleet)));
            LoadReport report = second.loadReport();
            assertEquals(0.25, report == null ? 0 : report.utilization());
        }
    }

    private static Call toSecond(Fleet fleet) {
        EndpointOverride second = EndpointOverride.to(fleet.server(1).endpoint().id());
        return fleet.client()
                .newCall(fleet.request("/").tag(EndpointOverride.class, second).build());
    }

    @ParameterizedTest
    @CsvSource(
            value = {"0 | 0", "2.5 | 2.5", "1000000 | 1000000", "' 3 ' | 3"},
            delimiter = '|')
    void weightsAreNumbers(String text, double weight) {
        assertEquals(weight, TargetWeights.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "NaN", "Infinity", "1e9", "0x10p3", "1000001", "1.0d", "5 servers", "1,5"})
    void whatIsNoWeightIsNotHeeded(String text) {
        assertNull(TargetWeights.parse(text));
    }

    @Test
    @Tag("socket")
    void twoReadersReadOneAfterTheOtherAndAFailingOneHarmsNobody() throws IOException {
        ServerReport broken = (response, node, nowNanos) -> {
            throw new IllegalStateException("out of order");
        };
        ServerReport both =
                ServerReport.targetWeight("X-Target-Weight", TEN_SECONDS).and(broken);
        try (Fleet fleet = reading(Wire.HTTP_1_1, both).start()) {
            answersWith(fleet.server(0), 200, "X-Target-Weight", "4");
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            time.advance(Duration.ofMillis(100));
            assertEquals(5, fleet.loadBalancer().nodes().totalWeight());
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertEquals(
                "header: \"X Weight\" (expected: the name of a header, for instance \"X-Request-Id\")",
                assertThrows(IllegalArgumentException.class, () -> ServerReport.targetWeight("X Weight", TEN_SECONDS))
                        .getMessage());
        assertEquals(
                "validity: PT0S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> ServerReport.targetWeight("X-Weight", Duration.ZERO))
                        .getMessage());
    }
}
