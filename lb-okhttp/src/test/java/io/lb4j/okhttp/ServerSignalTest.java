package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Node;
import io.lb4j.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ServerSignalTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final VirtualTime time = new VirtualTime();

    private static Response answer(String header, String value) {
        return new Response.Builder()
                .request(new Request.Builder().url("http://orders/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .addHeader(header, value)
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TEXT application_utilization=1.0                        | true",
                "TEXT cpu_utilization=0.2, application_utilization=1.2   | true",
                "TEXT cpu_utilization=1.2, application_utilization=0.9   | false",
                "TEXT cpu_utilization=1.2                                | true",
                "TEXT cpu_utilization:1.2,rps_fractional:3               | true",
                "TEXT cpu_utilization=0.99                               | false",
                "JSON {\"application_utilization\":1.5,\"eps\":2}        | true",
                "JSON {\"cpu_utilization\":0.5}                          | false",
                "JSON {\"cpu_utilization\":1.5                           | false",
                "JSON [1.5]                                              | false",
                "TEXT cpu_utilization=NaN                                | false",
                "TEXT cpu_utilization=-2                                 | false",
                "TEXT cpu_utilization=Infinity                           | false",
                "TEXT cpu_utilization                                    | false",
                "BIN CQAAAAAAAPA/                                        | true",
                "BIN CQAAAAAAAOA/                                        | false",
                "cpu_utilization=2                                       | false"
            })
    void utilizationIsReadFromLoadMetrics(String header, boolean overloaded) {
        ServerSignal signal = ServerSignal.utilization(1, TWO_SECONDS);
        assertEquals(overloaded ? TWO_SECONDS : Duration.ZERO, signal.rest(answer("Endpoint-Load-Metrics", header)));
        assertEquals(Duration.ZERO, signal.rest(answer("X-Other", header)));
    }

    @Test
    void ifSeveralAskTheLongestTimeCounts() {
        OutcomeRule rule = OutcomeRule.standard()
                .heeding(ServerSignal.header("X-Draining", "yes", TWO_SECONDS))
                .heeding(response -> Duration.ofSeconds(3))
                .heeding(response -> Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(3), rule.rest(answer("X-Draining", "YES")));
        assertEquals(Duration.ZERO, OutcomeRule.standard().rest(answer("X-Draining", "YES")));
    }

    private Fleet heeding(ServerSignal signal) {
        return Fleet.of(Wire.HTTP_1_1, 2)
                .balancing(builder -> builder.ticker(time).scheduler(time))
                .service(service -> service.withOutcomes(OutcomeRule.standard().heeding(signal)))
                .start();
    }

    @Test
    @Tag("socket")
    void anEndpointThatAsksIsLeftAloneAndNothingIsHeldAgainstIt() throws IOException {
        try (Fleet fleet = heeding(ServerSignal.utilization(1, TWO_SECONDS))) {
            MockResponse overloaded = fleet.server(0)
                    .answer(200)
                    .newBuilder()
                    .addHeader(OrcaReport.HEADER, "TEXT cpu_utilization=1.1")
                    .build();
            fleet.server(0).handle(request -> overloaded);
            Node node = fleet.loadBalancer().nodes().get(0);
            assertEquals("200 A", fleet.answerTo(fleet.get("/")), "its answer is as good as any");
            assertEquals(Node.State.EJECTED, node.state());
            assertEquals("it asked to be left alone for 2000 ms", node.reason());
            assertEquals(0, node.failureRate(time.nanoTime()));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            time.advance(Duration.ofMillis(2_100));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")), "the next one tries it");
            assertEquals("200 B", fleet.answerTo(fleet.get("/")), "still overloaded");
            fleet.server(0).alwaysAnswer(200);
            time.advance(Duration.ofMillis(2_100));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals(Node.State.UP, node.state());
            time.advance(Duration.ofMillis(100));
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
        }
    }

    @Test
    @Tag("socket")
    void theLastEndpointServesWhateverItAsksFor() throws IOException {
        try (Fleet fleet = heeding(response -> TWO_SECONDS)) {
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
        }
    }

    @Test
    @Tag("socket")
    void aSignalThatFailsOrMakesNoSenseIsNotHeeded() throws IOException {
        try (Fleet fleet = heeding(response -> {
                    throw new IllegalStateException("out of order");
                });
                Fleet other = heeding(response -> TWO_SECONDS.negated())) {
            for (int i = 0; i < 3; i++) {
                assertEquals("200 A", fleet.answerTo(fleet.get("/")));
                assertEquals("200 A", other.answerTo(other.get("/")));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    @Tag("socket")
    void aStormOfClosedConnectionsIsNoFailure(Wire wire) throws IOException {
        try (Fleet fleet = Fleet.of(wire, 2).start()) {
            fleet.server(0)
                    .handle(request -> fleet.server(0)
                            .answer(200)
                            .newBuilder()
                            .addHeader("Connection", "close")
                            .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                            .build());
            RequestBody body = RequestBody.create(new byte[10]);
            for (int i = 0; i < 20; i++) {
                assertEquals("200 A", fleet.answerTo(fleet.get("/")));
                assertEquals(
                        "200 A",
                        fleet.answerTo(fleet.client()
                                .newCall(fleet.request("/").post(body).build())));
            }
            assertEquals("A 40, B 0", fleet.hits());
            assertTrue(fleet.reports().stream().allMatch("A SUCCESS"::equals), fleet.reports()::toString);
        }
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ServerSignal.utilization(0, TWO_SECONDS));
        assertThrows(IllegalArgumentException.class, () -> ServerSignal.utilization(Double.NaN, TWO_SECONDS));
        assertThrows(IllegalArgumentException.class, () -> ServerSignal.utilization(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> ServerSignal.header("A", "b", Duration.ofSeconds(-1)));
    }
}
