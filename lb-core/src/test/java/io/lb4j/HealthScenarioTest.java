package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.HealthProbe.Verdict;
import io.lb4j.balance.Balancers;
import io.lb4j.health.HealthTrackers;
import io.lb4j.health.OutlierDetection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What users see when servers fail in one way or another: traffic on virtual time through a whole LoadBalancer. */
class HealthScenarioTest {
    private static final int PER_SECOND = 200;

    /** The algorithm that avoids bad servers by itself, and the one that needs the tracker for that. */
    enum Algorithm {
        LEAST_RESPONSE_TIME,
        ROUND_ROBIN;

        /** Whether few requests go to a server that fails, so that it may take long to count five failures. */
        boolean avoids() {
            return this == LEAST_RESPONSE_TIME;
        }

        Balancer seeded() {
            return this == ROUND_ROBIN
                    ? Balancers.roundRobin(Fleet.seeded(1))
                    : Balancers.leastResponseTime(Fleet.seeded(1));
        }
    }

    private static HealthTracker usual() {
        return ConsecutiveFailures.builder().random(Fleet.seeded(2)).build();
    }

    private static HealthTracker both() {
        return HealthTrackers.anyOf(
                usual(), OutlierDetection.builder().random(Fleet.seeded(3)).build());
    }

    private static Fleet fleet(int servers, Algorithm algorithm, UnaryOperator<LoadBalancerBuilder> settings) {
        return new Fleet(servers, algorithm.seeded(), settings);
    }

    static Stream<Arguments> pools() {
        return Stream.of(Algorithm.values())
                .flatMap(algorithm -> Stream.of(2, 3, 10).map(servers -> Arguments.of(algorithm, servers)));
    }

    private static void assertBelow(double limit, double value, String what) {
        assertTrue(value < limit, what + ": " + value + " (limit " + limit + ")");
    }

    @ParameterizedTest(name = "{0}, one of {1}")
    @MethodSource("pools")
    void oneBadServerIsLeftAloneAndComesBackWhenItIsWell(Algorithm algorithm, int servers) {
        try (Fleet fleet = fleet(servers, algorithm, builder -> builder.healthTracker(usual()))) {
            fleet.run(20, PER_SECOND);
            fleet.set(Fleet.Behaviour.BAD, 1).run(1, PER_SECOND);
            assertTrue(fleet.node(1).isEjected() || algorithm.avoids());
            assertBelow(0.06, fleet.failureRate(), "failures in the first second");
            fleet.run(30, PER_SECOND);
            assertBelow(0.002, fleet.failureRate(), "failures afterwards: trials alone");
            assertTrue(Set.of("s1").containsAll(fleet.ejections.keySet()), fleet.ejections.toString());
            fleet.set(Fleet.Behaviour.GOOD, 1).run(9, PER_SECOND);
            fleet.run(1, PER_SECOND);
            double share = fleet.share(1) * servers;
            System.out.printf(
                    "Measured %s, one of %d: share %.2f of fair in the tenth second after healing%n",
                    algorithm, servers, share);
            assertTrue(share > 0.8, "share in the tenth second after healing: " + share);
            fleet.run(5, PER_SECOND);
            fleet.run(10, PER_SECOND);
            assertEquals(1, fleet.share(1) * servers, 0.15, "share after 15 s");
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoBadOfFiveDoNotHideEachOther(Algorithm algorithm) {
        try (Fleet fleet = fleet(5, algorithm, builder -> builder.healthTracker(both()))) {
            fleet.run(20, PER_SECOND);
            fleet.set(Fleet.Behaviour.BAD, 0, 3).run(2, PER_SECOND);
            assertTrue(algorithm.avoids() || fleet.out().equals(List.of("s0", "s3")), "out: " + fleet.out());
            fleet.run(30, PER_SECOND);
            assertBelow(0.004, fleet.failureRate(), "failures afterwards");
            assertTrue(Set.of("s0", "s3").containsAll(fleet.ejections.keySet()), fleet.ejections.toString());
        }
    }

    /** Half of the requests fail on two of five: five in a row are rare, the rates say it. */
    @ParameterizedTest
    @EnumSource
    void twoHalfBadOfFiveAreFoundByTheirRates(Algorithm algorithm) {
        try (Fleet fleet = fleet(5, algorithm, builder -> builder.healthTracker(both()))) {
            fleet.run(20, PER_SECOND);
            fleet.set(Fleet.Behaviour.failing(0.5), 0, 3).run(15, PER_SECOND);
            fleet.run(60, PER_SECOND);
            System.out.printf("Measured %s, two half bad of five: %.4f failed%n", algorithm, fleet.failureRate());
            assertBelow(0.015, fleet.failureRate(), "failures after 15 s");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whenAllAreBadAllGoOnAndAllComeBack(Algorithm algorithm) {
        int[] all = {0, 1, 2, 3};
        try (Fleet fleet = fleet(4, algorithm, builder -> builder.healthTracker(both()))) {
            fleet.run(20, PER_SECOND);
            fleet.set(Fleet.Behaviour.BAD, all).run(30, PER_SECOND);
            assertEquals(1, fleet.failureRate(), "every request was sent, and failed");
            assertTrue(fleet.out().size() <= 2, "at most half are out: " + fleet.out());
            assertEquals(0, fleet.panics, "ejections never cause panic");
            fleet.set(Fleet.Behaviour.GOOD, all).run(1, PER_SECOND);
            assertEquals(0, fleet.failureRate());
            fleet.run(algorithm.avoids() ? 90 : 14, PER_SECOND); // what failed outweighs what is cheap for a while
            fleet.run(10, PER_SECOND);
            for (int server : all) {
                assertEquals(0.25, fleet.share(server), 0.06, "share of " + server);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlappingServerIsTriedMoreAndMoreSeldom(Algorithm algorithm) {
        try (Fleet fleet = fleet(3, algorithm, builder -> builder.healthTracker(usual()))) {
            fleet.run(20, PER_SECOND);
            int failed = 0;
            for (int i = 0; i < 30; i++) {
                fleet.set(Fleet.Behaviour.BAD, 2).run(2, PER_SECOND);
                failed += fleet.failed;
                fleet.set(Fleet.Behaviour.GOOD, 2).run(2, PER_SECOND);
                failed += fleet.failed;
            }
            double rate = failed / (120.0 * PER_SECOND);
            System.out.printf("Measured %s, flapping: %.4f failed, ejections %s%n", algorithm, rate, fleet.ejections);
            assertBelow(0.01, rate, "failures");
            assertTrue(Set.of("s2").containsAll(fleet.ejections.keySet()), fleet.ejections.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void onePercentErrorsEverywhereEjectNobody(Algorithm algorithm) {
        try (Fleet fleet = fleet(5, algorithm, builder -> builder.healthTracker(both()))) {
            IntStream.range(0, 5).forEach(i -> fleet.set(Fleet.Behaviour.failing(0.01), i));
            fleet.run(600, PER_SECOND);
            assertEquals(Map.of(), fleet.ejections);
            for (int i = 0; i < 5; i++) {
                assertEquals(0.2, fleet.share(i), 0.02);
            }
        }
    }

    // ------------------------------------------------------------------------------------------ checks and requests

    private final Set<String> failingChecks = ConcurrentHashMap.newKeySet();

    private LoadBalancerBuilder checked(LoadBalancerBuilder builder) {
        HealthProbe probe = (endpoint, timeout) -> {
            if (failingChecks.contains(endpoint.id())) {
                throw new IllegalStateException("503");
            }
            return Verdict.PASS;
        };
        return builder.healthTracker(usual())
                .healthProbe(probe, HealthProbe.Schedule.standard())
                .probeExecutor(Runnable::run);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatAnswersChecksButFailsRequestsIsTriedOncePerCheck(Algorithm algorithm) {
        try (Fleet fleet = fleet(3, algorithm, this::checked)) {
            fleet.run(20, PER_SECOND);
            fleet.set(Fleet.Behaviour.BAD, 1).run(2, PER_SECOND);
            assertTrue(fleet.node(1).isEjected() || algorithm.avoids());
            fleet.run(60, PER_SECOND);
            assertTrue(fleet.failed >= 6 && fleet.failed <= 30, "trials: " + fleet.failed);
            fleet.set(Fleet.Behaviour.GOOD, 1).run(15, PER_SECOND);
            assertFalse(fleet.node(1).isEjected());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatServesButFailsItsChecksGetsNothing(Algorithm algorithm) {
        try (Fleet fleet = fleet(3, algorithm, this::checked)) {
            fleet.run(20, PER_SECOND);
            failingChecks.add("s1");
            fleet.run(19, PER_SECOND);
            assertEquals(Node.State.DOWN, fleet.node(1).state());
            fleet.run(10, PER_SECOND);
            assertEquals(0, fleet.share(1));
            assertEquals(0, fleet.failureRate());
        }
    }

    /** The checks themselves are broken, a wrong path for instance: believing them would mean an outage. */
    @ParameterizedTest
    @EnumSource
    void whenAllChecksFailAllServersGoOnServing(Algorithm algorithm) {
        try (Fleet fleet = fleet(4, algorithm, this::checked)) {
            fleet.run(20, PER_SECOND);
            failingChecks.addAll(List.of("s0", "s1", "s2", "s3"));
            fleet.run(60, PER_SECOND);
            assertEquals(Node.State.DOWN, fleet.node(0).state());
            assertEquals(0, fleet.failureRate());
            assertEquals(1, fleet.panics);
            fleet.run(10, PER_SECOND);
            for (int i = 0; i < 4; i++) {
                assertEquals(0.25, fleet.share(i), 0.04);
            }
        }
    }

    @Test
    void inPanicTheAlgorithmGoesOnAvoidingWhatIsBad() {
        try (Fleet fleet = fleet(4, Algorithm.LEAST_RESPONSE_TIME, this::checked)) {
            fleet.run(20, PER_SECOND);
            failingChecks.addAll(List.of("s0", "s1", "s2"));
            fleet.set(Fleet.Behaviour.BAD, 0, 1, 2).run(60, PER_SECOND);
            fleet.run(30, PER_SECOND);
            System.out.printf("Measured, three of four dead: %.4f failed in panic%n", fleet.failureRate());
            assertEquals(1, fleet.panics);
            assertBelow(0.01, fleet.failureRate(), "failures in panic");
        }
    }
}
