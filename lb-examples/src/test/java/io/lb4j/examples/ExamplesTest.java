package io.lb4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.EndpointSource;
import io.lb4j.examples.server.Answer;
import io.lb4j.examples.server.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("socket")
class ExamplesTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        Leftovers.assertNone(List.of());
    }

    @Test
    void quickStartCallsOneOfItsServers() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        Answer counting = uri -> {
            requests.incrementAndGet();
            return 200;
        };
        try (LocalServer first = LocalServer.start("first", 1, counting);
                LocalServer second = LocalServer.start("second", 1, counting)) {
            QuickStart.call(EndpointSource.of(first.address(), second.address()));
        }
        assertEquals(1, requests.get());
        QuickStart.main(new String[0]);
    }

    @Test
    void aLambdaIsAnAlgorithm() throws Exception {
        NavigableMap<String, Integer> answers = OwnAlgorithm.answers(OwnAlgorithm.ANY);
        assertEquals(300, answers.values().stream().mapToInt(Integer::intValue).sum());
        assertTrue(answers.values().stream().allMatch(count -> count > 40), answers::toString);
    }

    @Test
    void aLambdaIsACost() throws Exception {
        NavigableMap<String, Integer> answers = OwnAlgorithm.answers(OwnAlgorithm.NEAR_AND_IDLE_OF_TWO);
        assertTrue(answers.getOrDefault("far", 0) < answers.get("near-1") / 2, answers::toString);
        assertTrue(answers.getOrDefault("far", 0) < answers.get("near-2") / 2, answers::toString);
    }

    @Test
    void ordersTakeEffectWhileCallsRun() throws Exception {
        OperateWhileRunning.run(out);
        List<String> lines = lines();
        assertEquals("round robin:     {a=20, b=20, c=20}", lines.get(0));
        assertEquals("drained a:       0 requests still in flight", lines.get(1));
        assertEquals("without a:       {b=30, c=30}", lines.get(3));
        assertTrue(lines.get(4).contains("a="), "undrained: " + lines);
    }

    @Test
    void aSocketServerThatStopsIsLeftAlone() throws Exception {
        PlainSockets.run(out);
        List<String> lines = lines();
        assertEquals("both run:      0 of 40 refused", lines.get(0));
        assertTrue(lines.get(1).contains(" 5 of 40 refused"), lines::toString);
        assertFalse(lines.get(1).endsWith(" UP"), lines::toString);
    }

    @Test
    void whoIsNotWellGetsNoCallsAndWhoFailsIsCutOff() throws Exception {
        HealthChecks.run(out);
        List<String> lines = lines();
        assertTrue(lines.get(0).matches("all well:            \\{a=\\d+, b=\\d+, c=\\d+}"), lines::toString);
        assertTrue(lines.get(1).matches("b says it is not:    \\{a=\\d+, c=\\d+}, check failed: .*"), lines::toString);
        assertTrue(lines.get(1).contains("status 503 (expected: 200-299)"), lines::toString);
        assertTrue(lines.get(2).matches("c fails:             \\{a=\\d+, b=\\d+}, .*"), lines::toString);
        assertTrue(lines.get(2).endsWith("State transition from CLOSED to OPEN"), lines::toString);
        assertEquals("c works again:       breaker CLOSED, circuit breaker CLOSED", lines.get(3));
    }

    @Test
    void onlyWhoShowsTheRightCertificateIsTrusted() throws Exception {
        Tls.run(out);
        assertEquals(
                List.of(
                        "mutual TLS:           {a=5, b=5}",
                        "no certificate:       refused",
                        "another's server:     refused"),
                lines());
    }

    @Test
    void streamsCountAsLongAsTheyAreOpen() throws Exception {
        Streaming.run(out);
        assertEquals(
                List.of(
                        "open streams:    {a=4, b=4, c=4}",
                        "a is drained:    not while its streams are open",
                        "a has finished:  0 streams left",
                        "open streams:    {a=0, b=6, c=6}"),
                lines());
    }

    @Test
    void hedgesOvertakeTheSlowServer() throws Exception {
        Hedging.run(out);
        List<String> lines = lines();
        assertTrue(lines.get(0).matches("without hedging:  p99 [2-9]\\d\\d ms, 100 requests"), lines::toString);
        assertTrue(lines.get(1).matches("with hedging:     p99 1?\\d?\\d ms, 1[1-3]\\d requests"), lines::toString);
        assertTrue(
                lines.get(2).matches("one of its calls: stock: slow .*LOST, quick-\\d 200 ANSWERED"), lines::toString);
    }

    @Test
    void aBudgetAndThrottlingSpareServersThatAreOverloaded() throws IOException {
        Retries.run(out);
        List<String> lines = lines();
        assertTrue(
                lines.get(0).matches("one of three is down: +100 of 100 calls answered, 1[3-6]\\d requests, .*"),
                lines::toString);
        assertEquals("all are, no budget:       0 of 100 calls answered, 300 requests, 0 refused here", lines.get(1));
        assertTrue(lines.get(2).matches("all are, budget of 20 %: +0 of .*, 1[12]\\d requests, 0 .*"), lines::toString);
        assertTrue(
                lines.get(3).matches("throttled as well: +0 of .*, \\d?\\d requests, \\d\\d refused here"),
                lines::toString);
        assertTrue(Integer.parseInt(lines.get(3).replaceAll(".* (\\d+) refused here", "$1")) > 60, lines::toString);
    }

    @Test
    void aGatewayTellsServersWhomItAsksForAndWaitsAsLongAsItIsTold() throws IOException {
        Gateway.run(out);
        String told =
                " was told X-Attempt %d, X-Request-Id 4711, Forwarded for=127.0.0.1;proto=http;host=shop.example;by=_edge-1,"
                        + " X-Forwarded-For 127.0.0.1, X-Forwarded-Proto http, X-Forwarded-Host shop.example";
        assertEquals(
                List.of(
                        "a" + String.format(told, 1),
                        "b" + String.format(told, 2),
                        "/orders/7 X-Request-Id 4711 X-Forwarded-For 6.6.6.6: 200, X-Served-By b",
                        "/reports/daily: 504, X-Served-By null",
                        "/reports/yearly: 200, X-Served-By slow",
                        "/reports/daily Prefer wait=10: 200, X-Served-By slow"),
                lines());
    }

    @Test
    void usersStayWithTheirVersionAndTheShareOfTheNewOneGrows() throws Exception {
        Canary.run(out);
        assertEquals(
                List.of(
                        "mirrored: {v1=",
                        "copies:   one of each request",
                        "at  5 %: {v1=",
                        "at 20 %: {v1=",
                        "back from v2 to v1: 0",
                        "a tester: v2"),
                lines().stream().map(line -> line.replaceAll("=.*", "=")).toList());
        assertEquals("mirrored: {v1=20}", lines().get(0));
        assertTrue(canaries(2) > 0 && canaries(2) < 25, lines()::toString);
        assertTrue(canaries(3) > 20 && canaries(3) < 65, lines()::toString);
    }

    private int canaries(int line) {
        return Integer.parseInt(lines().get(line).replaceAll(".*v2=(\\d+).*", "$1"));
    }

    @Test
    void pathMethodAndHeaderChooseTheService() throws IOException {
        RouteByPathAndHeader.run(out);
        assertEquals(
                List.of(
                        "/cart/7 of gold: carts, rule carts",
                        "/basket/7 of gold: carts, rule carts, redirected from http://shop/basket/7",
                        "/users/42/report of gold: reports, rule reports",
                        "/users/42/report of free: web, rule otherwise",
                        "/cartoons of free: web, rule otherwise",
                        "/ping of free: pong, rule ping",
                        "/checkout of free: carts, rule null, redirected from http://shop/checkout"),
                lines());
    }

    @Test
    void aRegionTakesOverWhatTheOtherCannotCarry() throws Exception {
        Regions.run(out);
        List<String> lines = lines();
        assertEquals("active-passive, all well:    {eu=200}", lines.get(0));
        assertTrue(lines.get(1).matches("active-passive, eu-1 stops:  \\{eu=1\\d\\d, us=\\d\\d}"), lines::toString);
        assertEquals("active-passive, eu-2 stops:  {us=200}", lines.get(2));
        assertTrue(lines.get(3).matches("active-active, all well:    \\{eu=1\\d\\d, us=\\d\\d}"), lines::toString);
        assertTrue(lines.get(4).matches("active-active, eu-1 stops:  \\{eu=\\d+, us=\\d+}"), lines::toString);
        assertEquals("active-active, eu-2 stops:  {us=200}", lines.get(5));
    }

    @Test
    void sessionsStayWhereTheyBegan() throws Exception {
        Sessions.run(out);
        List<String> lines = lines();
        assertEquals("our cookie:         aaaaaa", lines.get(0));
        assertEquals("its server stopped: bbbbbb", lines.get(1));
        assertEquals("and is back:        bbbbbb", lines.get(2));
        assertEquals("JSESSIONID=5f3a.b:  bbbbbb", lines.get(3));
        String one = lines.get(4).substring(20);
        String other = lines.get(5).substring(20);
        assertTrue(one.matches("([abc])\\1{5}") && other.matches("([abc])\\1{5}"), lines::toString);
        assertFalse(one.equals(other), lines::toString);
        String alice = lines.get(6).substring(20);
        assertTrue(alice.matches("([abc])\\1{5}"), lines::toString);
        assertEquals("and the next one:   " + alice, lines.get(7));
        assertTrue(lines.get(8).matches("bob's token:        ([abc])\\1{5}"), lines::toString);
        assertFalse(lines.get(8).endsWith(alice), lines::toString);
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
