package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectionTest {
    private static final RequestContext ONCE_ONLY = new RequestContext() {
        @Override
        public boolean replayable() {
            return false;
        }
    };

    @Test
    void fiveFailuresInARowEject() {
        try (Bench bench = Bench.with("a", "b", "c")) {
            bench.fail("a", 4);
            assertEquals(Node.State.UP, bench.node("a").state());
            bench.fail("a", 1);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            assertEquals("b", bench.next(), "the flag counts before the plan is made again");
            bench.advance(100);
            assertEquals("b", bench.next());
            assertEquals(List.of("+a", "+b", "+c", "a UP>EJECTED"), bench.events);
        }
    }

    @Test
    void aSuccessBetweenThemStartsTheCountAgain() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 4);
            bench.next();
            bench.fail("a", 4);
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void afterItsTimeOneReplayableRequestTriesTheNode() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            assertEquals("b", bench.next(ONCE_ONLY));
            Lease trial = bench.balancer.acquire(RequestContext.none());
            assertEquals("a", trial.endpoint().id());
            assertTrue(trial.isTrial());
            assertEquals("b", bench.next(), "one at a time");
            trial.report(Outcome.SUCCESS);
            trial.close();
            assertEquals(Node.State.UP, bench.node("a").state());
            bench.advance(100);
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aFailedTrialEjectsForTwiceAsLongUpToTheLongest() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            for (long seconds : new long[] {1, 2, 4, 8, 10, 10}) {
                bench.advance(seconds * 1_000 - 50);
                assertEquals(Node.State.EJECTED, bench.node("a").state(), seconds + " s");
                bench.advance(100);
                try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                    assertTrue(trial.isTrial());
                    trial.report(Outcome.TIMED_OUT);
                }
            }
        }
    }

    @Test
    void aCancelledTrialFreesItsPlace() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            bench.balancer.acquire(RequestContext.none()).close();
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            try (Lease again = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(again.isTrial());
            }
        }
    }

    @Test
    void aTrialThatNeverEndsIsLostAfterTheHold() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            Lease lost = bench.balancer.acquire(RequestContext.none());
            assertTrue(lost.isTrial());
            assertEquals("b", bench.next());
            bench.advance(1_000);
            Lease second = bench.balancer.acquire(RequestContext.none());
            assertTrue(second.isTrial());
            lost.close();
            assertEquals("b", bench.next(), "the close of a lost trial frees nobody else's place");
            second.close();
        }
    }

    @Test
    void aLateSuccessOfAnOlderCallRestoresNobody() {
        try (Bench bench = Bench.with("a", "b")) {
            Lease old = bench.balancer.acquire(RequestContext.none());
            bench.fail("a", 5);
            old.report(Outcome.SUCCESS);
            old.close();
            assertEquals(Node.State.EJECTED, bench.node("a").state());
        }
    }

    @Test
    void theLastUsableNodeIsNeverEjected() {
        try (Bench bench = Bench.with("a")) {
            bench.fail("a", 50);
            assertEquals(Node.State.UP, bench.node("a").state());
            assertEquals("a", bench.next());
        }
    }

    @Test
    void atMostHalfOfTheNodesAreEjected() {
        try (Bench bench = Bench.with("a", "b", "c", "d", "e")) {
            for (String id : List.of("a", "b", "c", "d", "e")) {
                bench.fail(id, 20);
            }
            bench.advance(100);
            long ejected = bench.events.stream()
                    .filter(event -> event.endsWith("UP>EJECTED"))
                    .count();
            assertEquals(2, ejected);
            assertEquals("c", bench.next());
        }
    }

    /** At 10 % Envoy ejects nobody of one to nine hosts; here one may always go while another is left. */
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "0.5, 1, 0",
        "0.5, 2, 1",
        "0.5, 3, 1",
        "0.5, 4, 2",
        "0.5, 5, 2",
        "0.1, 1, 0",
        "0.1, 2, 1",
        "0.1, 5, 1",
        "0.1, 9, 1",
        "0.1, 10, 1",
        "0.1, 11, 1",
        "0.1, 19, 1",
        "0.1, 20, 2"
    })
    void thisManyAreEjectedWhenAllFail(double part, int nodes, int expected) {
        String[] ids = IntStream.range(0, nodes).mapToObj(i -> "n" + i).toArray(String[]::new);
        try (Bench bench = Bench.with(builder -> builder.mostEjected(part), ids)) {
            List.of(ids).forEach(id -> bench.fail(id, 5));
            assertEquals(
                    expected,
                    List.of(ids).stream()
                            .filter(id -> bench.node(id).isEjected())
                            .count());
        }
    }

    @Test
    void oneOfTwoMayBeEjectedButNotBoth() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 10);
            bench.fail("b", 10);
            assertTrue(bench.node("a").isEjected());
            assertFalse(bench.node("b").isEjected());
        }
    }

    @Test
    void anEjectionThatWouldCausePanicIsRefused() {
        try (Bench bench = new Bench(
                builder -> builder.mostEjected(1),
                MutableEndpointSource.of(Bench.endpoints("a", "b", "c")),
                Bench.FIRST)) {
            bench.fail("a", 5);
            bench.fail("b", 5);
            assertTrue(bench.node("a").isEjected());
            assertFalse(bench.node("b").isEjected());
        }
    }

    @Test
    void aRestoredNodeRampsUpFromTheHalf() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            bench.next();
            Node a = bench.node("a");
            assertEquals(0.5, a.slowStart(bench.time.nanoTime()), 1e-9);
            bench.advance(2_500);
            assertEquals(0.75, a.slowStart(bench.time.nanoTime()), 1e-9);
            bench.advance(2_500);
            assertEquals(1, a.slowStart(bench.time.nanoTime()), 1e-9);
        }
    }

    @Test
    void anOverloadedServerIsLeftAloneForAsLongAsItSays() {
        try (Bench bench = Bench.with("a", "b")) {
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(lease.overloaded(Duration.ofSeconds(7)));
                assertFalse(lease.overloaded(Duration.ofSeconds(9)));
            }
            bench.advance(6_950);
            assertEquals("b", bench.next());
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            bench.advance(100);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
        }
    }

    @Test
    void aServerIsNotBelievedForMoreThanAMinute() {
        try (Bench bench = Bench.with("a", "b")) {
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                lease.overloaded(Duration.ofDays(365));
            }
            bench.advance(60_050);
            assertEquals("a", bench.next());
        }
    }

    @Test
    void theDoublingIsForgottenAfterAQuietMinute() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                trial.report(Outcome.FAILURE);
            }
            bench.advance(2_050);
            assertEquals("a", bench.next());
            bench.advance(61_000);
            assertEquals("a", bench.next());
            bench.fail("a", 5);
            bench.advance(1_050);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
        }
    }

    @Test
    void aBodyThatBreaksAfterATrialsSuccessEjectsAgain() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                trial.report(Outcome.SUCCESS);
                assertEquals(Node.State.UP, bench.node("a").state());
                trial.broken(Outcome.FAILURE);
            }
            assertEquals(Node.State.EJECTED, bench.node("a").state());
        }
    }

    @Test
    void withoutReplayableRequestsAnyOneTriesTheNodeInTheEnd() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(5_900);
            assertEquals("b", bench.next(ONCE_ONLY));
            bench.advance(200);
            assertEquals("a", bench.next(ONCE_ONLY));
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void aTrackerThatLeavesTrialsAloneGetsTheNodeBackAllTheSame() {
        try (Bench bench = Bench.with(builder -> builder.healthTracker(HealthTracker.none()), "a", "b")) {
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(lease.overloaded(Duration.ofSeconds(2)));
            }
            bench.advance(2_050);
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                trial.report(Outcome.FAILURE);
            }
            assertEquals(Node.State.EJECTED, bench.node("a").state(), "no trial without a pause");
            bench.advance(2_050);
            assertEquals("a", bench.next());
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void everyEjectionIsToldAndSaysWhy() {
        List<String> told = new ArrayList<>();
        LoadBalancerListener listener = new LoadBalancerListener() {
            @Override
            public void ejected(Node node, Duration duration, String reason) {
                told.add(node.endpoint().id() + " " + duration.toMillis() + " " + reason);
            }

            @Override
            public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
                told.add(from + ">" + to + " " + reason);
            }
        };
        try (Bench bench = Bench.with(builder -> builder.listener(listener), "a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                trial.report(Outcome.TIMED_OUT);
            }
            assertEquals(
                    List.of(
                            "a 1000 5 failures in a row, the last FAILURE",
                            "UP>EJECTED 5 failures in a row, the last FAILURE",
                            "EJECTED>HALF_OPEN its time is over, the next request may try it",
                            "a 2000 trial ended TIMED_OUT"),
                    told);
        }
    }

    @Test
    void aTrackerMayWantMoreTrials() {
        HealthTracker threeOfThree = node -> new HealthTracker.NodeHealth() {
            private int trials;

            @Override
            public void onReport(Lease lease, Outcome outcome, long nowNanos, HealthTracker.Control control) {
                trials += lease.isTrial() ? 1 : 0;
                if (outcome == Outcome.FAILURE) {
                    control.eject(node, Duration.ofSeconds(1), "one failure");
                }
            }

            @Override
            public boolean wantsMoreTrials() {
                return trials < 3;
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(threeOfThree), "a", "b")) {
            bench.fail("a", 1);
            bench.advance(1_050);
            for (int i = 0; i < 3; i++) {
                assertEquals(Node.State.HALF_OPEN, bench.node("a").state(), i + " trials");
                assertEquals("a", bench.next());
            }
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void aTrackerMayEjectAgainAfterASuccessfulTrial() {
        HealthTracker slow =
                node -> (lease, outcome, now, control) -> control.eject(node, Duration.ofSeconds(1), "slow");
        try (Bench bench = Bench.with(builder -> builder.healthTracker(slow), "a", "b", "c")) {
            assertEquals("a", bench.next());
            bench.advance(1_050);
            assertEquals("a", bench.next());
            assertEquals(Node.State.EJECTED, bench.node("a").state());
        }
    }

    @Test
    void anEndpointThatAsksForAPauseGetsOneAndNothingIsHeldAgainstIt() {
        try (Bench bench = Bench.with("a", "b")) {
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                lease.report(Outcome.SUCCESS);
                assertTrue(lease.rest(Duration.ofSeconds(2), "utilization 1.2"));
            }
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            assertEquals("utilization 1.2 for 2000 ms", bench.node("a").reason());
            assertEquals(0, bench.node("a").failureRate(bench.time.nanoTime()));
            try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
                assertEquals("b", lease.endpoint().id());
                assertFalse(lease.rest(Duration.ofSeconds(2), "utilization 1.2"), "it is the last");
            }
            bench.advance(2_050);
            assertEquals("a", bench.next());
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }
}
