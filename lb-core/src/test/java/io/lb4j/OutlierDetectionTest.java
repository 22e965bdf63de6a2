package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import io.lb4j.health.FailurePercentage;
import io.lb4j.health.OutlierDetection;
import io.lb4j.health.SlowResponses;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierDetectionTest {
    private static OutlierDetection.Builder exact() {
        return OutlierDetection.builder().jitter(0);
    }

    private static Fleet fleet(int servers, OutlierDetection.Builder tracker) {
        return new Fleet(
                servers,
                Balancers.roundRobin(),
                builder -> builder.healthTracker(tracker.build()).slowStart(Duration.ZERO, 1));
    }

    @ParameterizedTest(name = "one of {0}")
    @ValueSource(ints = {2, 3, 5, 10, 50})
    void aServerThatFailsThirtyPercentIsEjectedFromAPoolOfAnySize(int servers) {
        try (Fleet fleet = fleet(servers, exact())) {
            fleet.run(20, 20 * servers);
            fleet.set(Fleet.Behaviour.failing(0.3), 1).run(15, 20 * servers);
            assertEquals(List.of("s1"), fleet.out());
            assertEquals(Map.of("s1", 1), fleet.ejections);
        }
    }

    @Test
    void twoBadOfFiveAreBothEjected() {
        try (Fleet fleet = fleet(5, exact())) {
            fleet.set(Fleet.Behaviour.failing(0.4), 0, 3).run(15, 200);
            assertEquals(List.of("s0", "s3"), fleet.out());
        }
    }

    @Test
    void theWorstGoFirstWhereNotAllMayGo() {
        try (Fleet fleet = fleet(5, exact())) {
            fleet.run(15, 200);
            fleet.set(Fleet.Behaviour.failing(0.5), 0).set(Fleet.Behaviour.BAD, 2, 4);
            fleet.run(1, 5_000);
            fleet.run(1, 200);
            assertEquals(List.of("s2", "s4"), fleet.out());
        }
    }

    @Test
    void nobodyIsEjectedWhenAllFail() {
        try (Fleet fleet = fleet(4, exact())) {
            fleet.set(Fleet.Behaviour.BAD, 0, 1, 2, 3).run(60, 200);
            assertEquals(Map.of(), fleet.ejections);
        }
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {2, 5, 20})
    void onePercentErrorsEverywhereEjectNobody(int servers) {
        try (Fleet fleet = fleet(servers, exact())) {
            for (int i = 0; i < servers; i++) {
                fleet.set(Fleet.Behaviour.failing(0.01), i);
            }
            fleet.run(600, 10 * servers);
            assertEquals(Map.of(), fleet.ejections);
        }
    }

    @Test
    void ejectionsGrowByTheBaseUpToTheLongest() {
        OutlierDetection.Builder tracker = exact().ejection(Duration.ofSeconds(30), Duration.ofSeconds(100));
        try (Fleet fleet = fleet(3, tracker)) {
            fleet.set(Fleet.Behaviour.BAD, 1).run(2, 300);
            assertTrue(fleet.node(1).isEjected());
            long since = fleet.time.nanoTime();
            for (double seconds : new double[] {30, 60, 90, 100, 100}) {
                long left = fleet.node(1).ejectedUntil() - since;
                assertEquals(seconds, left / 1e9, 2.1, "ejection of " + seconds + " s");
                fleet.time.advance(Duration.ofNanos(fleet.node(1).ejectedUntil() - fleet.time.nanoTime()));
                since = fleet.time.nanoTime();
                fleet.run(1, 100);
            }
        }
    }

    /** Three ejections (30, 60, 90 s), two healthy windows: the next one lasts 60 s again. */
    @Test
    void eachHealthyWindowTakesOneEjectionOff() {
        try (Fleet fleet = fleet(3, exact())) {
            fleet.set(Fleet.Behaviour.BAD, 1).run(2, 300);
            fleet.run(31, 100); // the first trial fails
            fleet.run(61, 100); // the second too
            fleet.set(Fleet.Behaviour.GOOD, 1).run(91, 100);
            assertFalse(fleet.node(1).isEjected());
            fleet.run(18, 100);
            fleet.set(Fleet.Behaviour.BAD, 1).run(2, 300);
            assertTrue(fleet.node(1).isEjected());
            assertEquals(60, (fleet.node(1).ejectedUntil() - fleet.time.nanoTime()) / 1e9, 2.1);
        }
    }

    @Test
    void ejectionsVaryByTheJitter() {
        OutlierDetection.Builder longest = OutlierDetection.builder()
                .jitter(0.2)
                .random(() -> new java.util.Random() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public double nextDouble() {
                        return 1;
                    }
                });
        try (Fleet fleet = fleet(3, longest)) {
            fleet.set(Fleet.Behaviour.BAD, 1).run(2, 300);
            assertEquals(36, (fleet.node(1).ejectedUntil() - fleet.time.nanoTime()) / 1e9, 2.1);
        }
    }

    @Test
    void whatWasCountedBeforeAnEjectionDoesNotCountAfterIt() {
        try (Fleet fleet = fleet(3, exact())) {
            fleet.set(Fleet.Behaviour.BAD, 1).run(2, 300);
            fleet.set(Fleet.Behaviour.GOOD, 1).run(33, 300);
            assertFalse(fleet.node(1).isEjected());
            fleet.run(30, 300);
            assertEquals(Map.of("s1", 1), fleet.ejections);
            assertEquals(1 / 3.0, fleet.share(1), 0.01);
        }
    }

    @Test
    void failurePercentageEjectsHalfWhenAllFail() {
        try (Fleet fleet = fleet(4, exact().rules(FailurePercentage.standard()))) {
            fleet.set(Fleet.Behaviour.BAD, 0, 1, 2, 3).run(10, 200);
            assertEquals(2, fleet.out().size());
        }
    }

    @Test
    void aSlowServerIsEjectedWhereThatIsAskedFor() {
        try (Fleet fleet = fleet(3, exact().rules(SlowResponses.standard()))) {
            fleet.set(new Fleet.Behaviour(0, 300_000), 2).run(15, 60);
            assertEquals(List.of("s2"), fleet.out());
            String reason = fleet.node(2).reason();
            assertTrue(reason.matches("latency 2\\d\\d ms, the others' is 2 ms"), reason);
        }
    }

    @Test
    void theReasonSaysWhatWasFound() {
        try (Fleet fleet = fleet(2, exact())) {
            fleet.set(Fleet.Behaviour.BAD, 1).run(5, 100);
            assertEquals(
                    "failure rate 100.0 %, the others' is 0.0 %", fleet.node(1).reason());
        }
    }

    /** One configured object, two LoadBalancers: what one sees is not counted for the other. */
    @Test
    void oneTrackerMayServeSeveralLoadBalancers() {
        OutlierDetection shared = exact().build();
        try (Fleet first = new Fleet(3, Balancers.roundRobin(), builder -> builder.healthTracker(shared));
                Fleet second = new Fleet(3, Balancers.roundRobin(), builder -> builder.healthTracker(shared))) {
            first.set(Fleet.Behaviour.BAD, 1).run(5, 100);
            second.run(5, 100);
            assertEquals(List.of("s1"), first.out());
            assertEquals(List.of(), second.out());
        }
    }
}
