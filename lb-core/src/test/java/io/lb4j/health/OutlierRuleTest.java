package io.lb4j.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.Endpoint;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OutlierRuleTest {
    private static final SuccessRate ENVOY = new SuccessRate(1.9, 0, 1, 5, 100);
    private static final Node NODE =
            NodeSet.of(() -> 0, Endpoint.of("a.example", 80)).get(0);

    private static NodeTraffic traffic(double requests, double failures) {
        return new NodeTraffic(NODE, requests, failures / requests, failures > 0, 1e6);
    }

    /** The places of those that the rule finds. */
    private static List<Integer> outliers(OutlierRule rule, List<NodeTraffic> pool) {
        OutlierRule.Judgement judgement = rule.judge(pool);
        return IntStream.range(0, pool.size())
                .filter(i -> judgement.reason(pool.get(i)) != null)
                .boxed()
                .toList();
    }

    private static List<Integer> outliers(OutlierRule rule, double requests, double... failurePercents) {
        return outliers(
                rule,
                Arrays.stream(failurePercents)
                        .mapToObj(percent -> traffic(requests, requests * percent / 100))
                        .toList());
    }

    private static List<Integer> bySuccessRate(OutlierRule rule, List<Double> percents) {
        return outliers(
                rule,
                100,
                percents.stream().mapToDouble(percent -> 100 - percent).toArray());
    }

    // ------------------------------------------------------------------------------------------ success rate

    private record Vector(List<Double> rates, double mean, double threshold, List<Integer> ejected) {
        static Vector of(MatchResult match) {
            return new Vector(
                    numbers(match.group(1)).map(Double::valueOf).toList(),
                    Double.parseDouble(match.group(2)),
                    Double.parseDouble(match.group(3)),
                    numbers(match.group(4)).map(Integer::valueOf).toList());
        }
    }

    private static Stream<String> numbers(String array) {
        return Arrays.stream(array.split("[,\\s]+")).filter(text -> !text.isBlank());
    }

    static List<Vector> vectors() throws IOException {
        try (InputStream in = OutlierRuleTest.class.getResourceAsStream("/vectors/outlier.json")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            List<Vector> vectors = Pattern.compile("\"rates\": \\[([^]]*)],\\s*\"mean\": ([\\d.]+),"
                            + "\\s*\"population_stdev\": [\\d.]+,\\s*\"threshold\": ([\\d.]+),"
                            + "\\s*\"ejected\": \\[([^]]*)]")
                    .matcher(text)
                    .results()
                    .map(Vector::of)
                    .toList();
            assertEquals(9, vectors.size());
            return vectors;
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void successRateWithoutFloorIsEnvoys(Vector vector) {
        assertEquals(vector.ejected, bySuccessRate(ENVOY, vector.rates));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void successRateNeedsAGapOfFivePointsAndARateUnder95(Vector vector) {
        List<Integer> expected = vector.ejected.stream()
                .filter(i -> vector.rates.get(i) < 95 && vector.mean - vector.rates.get(i) >= 5)
                .toList();
        assertEquals(expected, bySuccessRate(SuccessRate.standard(), vector.rates));
    }

    @ParameterizedTest
    @CsvSource({
        "50 100 100 100 100, 0, 0",
        "90 99 99 99 99, 0, 0",
        "99 100 100 100 100, 0, ''",
        "98 99 97 60 99 98, 3, 3",
        "70 70 100 100 100, '', ''",
        "0 100 100, '', ''"
    })
    void successRatesOfTheStudy(String rates, String envoy, String standard) {
        List<Double> percents = numbers(rates).map(Double::valueOf).toList();
        assertEquals(numbers(envoy).map(Integer::valueOf).toList(), bySuccessRate(ENVOY, percents));
        assertEquals(numbers(standard).map(Integer::valueOf).toList(), bySuccessRate(SuccessRate.standard(), percents));
    }

    @Test
    void successRateLooksOnlyAtNodesWithEnoughRequests() {
        List<NodeTraffic> pool = new ArrayList<>();
        pool.add(traffic(99, 99));
        IntStream.range(0, 5).forEach(i -> pool.add(traffic(100, 0)));
        assertEquals(List.of(), outliers(SuccessRate.standard(), pool));
        pool.set(0, traffic(100, 100));
        assertEquals(List.of(0), outliers(SuccessRate.standard(), pool));
    }

    // ------------------------------------------------------------------------------------------ failure rate

    @Test
    void failureRateFindsOneBadOfTwo() {
        assertEquals(List.of(1), outliers(FailureRate.standard(), 20, 0, 100));
    }

    @Test
    void twoBadOfFiveDoNotHideEachOther() {
        assertEquals(List.of(0, 1), outliers(FailureRate.standard(), 100, 30, 30, 0, 0, 0));
        assertEquals(List.of(1, 4), outliers(FailureRate.standard(), 100, 1, 100, 2, 1, 100));
    }

    @Test
    void asManyBadAsGoodOnesAreFoundToo() {
        assertEquals(List.of(0, 1), outliers(FailureRate.standard(), 100, 100, 100, 0, 0));
    }

    @Test
    void whatAllNodesFailIsNobodysFault() {
        assertEquals(List.of(), outliers(FailureRate.standard(), 1000, 100, 100, 100, 100));
        assertEquals(List.of(), outliers(FailureRate.standard(), 1000, 40, 44, 38, 41, 47));
    }

    @Test
    void failureRateMustBeHigherBeyondDoubt() {
        assertEquals(List.of(), outliers(FailureRate.standard(), List.of(traffic(20, 6), traffic(20, 0))));
        assertEquals(List.of(0), outliers(FailureRate.standard(), List.of(traffic(20, 7), traffic(20, 0))));
        assertEquals(List.of(), outliers(FailureRate.standard(), List.of(traffic(1000, 120), traffic(20, 0))));
        assertEquals(List.of(0), outliers(FailureRate.standard(), List.of(traffic(1000, 140), traffic(20, 0))));
    }

    @Test
    void whatFailedInThePastIsForgivenWhenNothingFailsNow() {
        NodeTraffic well = new NodeTraffic(NODE, 200, 0.9, false, 1e6);
        List<NodeTraffic> pool = new ArrayList<>(List.of(well));
        IntStream.range(0, 5).forEach(i -> pool.add(traffic(200, 0)));
        for (OutlierRule rule : List.of(SuccessRate.standard(), FailureRate.standard(), FailurePercentage.standard())) {
            assertEquals(List.of(), outliers(rule, pool), rule.toString());
        }
    }

    @Test
    void failureRateNeedsSomebodyToCompareWith() {
        assertEquals(List.of(), outliers(FailureRate.standard(), List.of(traffic(500, 500))));
        assertEquals(List.of(), outliers(FailureRate.standard(), List.of(traffic(500, 500), traffic(19, 0))));
    }

    /** 500 nodes with 20 requests each, judged 1000 times: at 1 % errors a false verdict has p = 8e-10 each. */
    @Test
    void onePercentErrorsEverywhereAreNobodysFaultAmong500Nodes() {
        Random random = new Random(7);
        for (int round = 0; round < 1000; round++) {
            List<NodeTraffic> pool = IntStream.range(0, 500)
                    .mapToObj(i -> traffic(20, onePercentOf20(random)))
                    .toList();
            assertEquals(List.of(), outliers(FailureRate.standard(), pool));
            assertEquals(List.of(), outliers(SuccessRate.standard(), pool));
        }
    }

    private static double onePercentOf20(Random random) {
        return (double)
                IntStream.range(0, 20).filter(i -> random.nextInt(100) == 0).count();
    }

    // ------------------------------------------------------------------------------------------ the others

    @Test
    void failurePercentageLooksAtTheNodeAlone() {
        assertEquals(List.of(0, 1), outliers(FailurePercentage.standard(), 20, 85, 90, 84));
        assertEquals(List.of(), outliers(FailurePercentage.standard(), 19, 100, 0, 0));
        assertEquals(List.of(), outliers(FailurePercentage.standard(), 20, 100, 0), "two nodes are too few");
    }

    private static NodeTraffic answering(long millis) {
        return new NodeTraffic(NODE, 100, 0, false, millis * 1e6);
    }

    @Test
    void slowResponsesAreThoseThatAreSlowByAFactorAndByATimeThatMatters() {
        SlowResponses rule = SlowResponses.standard();
        assertEquals(List.of(1), outliers(rule, List.of(answering(50), answering(251))));
        assertEquals(List.of(), outliers(rule, List.of(answering(50), answering(249))), "not by the factor");
        assertEquals(List.of(), outliers(rule, List.of(answering(1), answering(100))), "not by the time");
        assertEquals(
                List.of(0, 2), outliers(rule, List.of(answering(900), answering(90), answering(800), answering(80))));
        assertEquals(List.of(), outliers(rule, List.of(answering(5_000))));
    }

    @Test
    void badRulesAreRefused() {
        assertRefused("requests: 0 (expected: >= 1)", () -> new SuccessRate(1.9, 0.05, 0.95, 5, 0));
        assertRefused("gap: -0.1 (expected: 0.0 to 1.0)", () -> new FailureRate(-0.1, 3, 20));
        assertRefused("limit: 85.0 (expected: 1.0E-6 to 1.0)", () -> new FailurePercentage(85, 3, 20));
        assertRefused("gap: PT0S (expected: > 0, at most 100 years)", () -> new SlowResponses(5, Duration.ZERO, 20));
        assertRefused(
                "rules: none (expected: at least one)",
                () -> OutlierDetection.builder().rules());
        assertRefused(
                "longest ejection: PT1S (expected: >= PT2S)",
                () -> OutlierDetection.builder().ejection(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertRefused("parts: none (expected: at least one)", HealthTrackers::anyOf);
    }

    static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void aTrackerThatWasNotStartedSaysSo() {
        assertThrows(
                IllegalStateException.class,
                () -> HealthTrackers.outlierDetection().track(NODE));
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> HealthTrackers.anyOf(HealthTrackers.outlierDetection()).track(NODE));
        assertEquals("anyOf: not started (expected: anyOf.start().track(node))", e.getMessage());
    }
}
