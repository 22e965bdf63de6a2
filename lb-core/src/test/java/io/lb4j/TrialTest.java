package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Which report decides on an ejected node, and which comes too late. */
class TrialTest {
    @Test
    void aLostTrialDecidesNothingOnceAnotherRan() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            Lease lost = bench.balancer.acquire(RequestContext.none());
            Lease worse = bench.balancer.tryAcquire(RequestContext.none());
            bench.advance(1_000);
            try (Lease second = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(second.isTrial());
                assertFalse(lost.isTrial());
                second.report(Outcome.FAILURE);
            }
            lost.report(Outcome.SUCCESS);
            assertEquals(Node.State.EJECTED, bench.node("a").state(), "its success is an old one");
            lost.close();
            worse.close();
        }
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            Lease lost = bench.balancer.acquire(RequestContext.none());
            bench.advance(1_000);
            assertEquals("a", bench.next());
            assertEquals(Node.State.UP, bench.node("a").state());
            lost.report(Outcome.FAILURE);
            lost.close();
            assertEquals(Node.State.UP, bench.node("a").state(), "one failure, and an old one");
        }
    }

    @Test
    void aBodyThatBreaksLongAfterItsTrialIsOneFailureAmongOthers() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            try (Lease stream = bench.balancer.acquire(RequestContext.none())) {
                assertTrue(stream.isTrial());
                stream.report(Outcome.SUCCESS);
                bench.advance(100);
                assertEquals("a", bench.next());
                bench.advance(3_600_000);
                stream.broken(Outcome.FAILURE);
            }
            assertEquals(Node.State.UP, bench.node("a").state());
        }
    }

    @Test
    void aTrackerMayEjectAgainAfterASuccessfulTrial() {
        HealthTracker slowIsBad = node -> (lease, outcome, nowNanos, control) -> {
            if (outcome.isFailure() || lease.isTrial()) {
                control.eject(node, Duration.ofSeconds(1), "not good enough");
            }
        };
        try (Bench bench = Bench.with(builder -> builder.healthTracker(slowIsBad), "a", "b")) {
            bench.fail("a", 1);
            bench.advance(1_050);
            assertEquals("a", bench.next());
            assertEquals(Node.State.EJECTED, bench.node("a").state());
        }
    }

    @Test
    void failuresAtTheSameTimeAreOneEjection() {
        Runnable[] atOnce = {() -> {}};
        RandomGenerator interrupting = () -> {
            Runnable others = atOnce[0];
            atOnce[0] = () -> {};
            others.run();
            return 0;
        };
        HealthTracker tracker =
                ConsecutiveFailures.builder().random(() -> interrupting).build();
        try (Bench bench = Bench.with(builder -> builder.healthTracker(tracker), "a", "b")) {
            atOnce[0] = () -> bench.fail("a", 3);
            bench.fail("a", 5);
            bench.advance(550);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
            try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
                trial.report(Outcome.FAILURE);
            }
            bench.advance(1_050);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state(), "the second ejection lasts twice as long");
        }
    }

    @Test
    void aRefusedEjectionIsTriedAgainAtTheNextFailure() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.disable("b");
            bench.fail("a", 7);
            assertEquals(Node.State.UP, bench.node("a").state());
            bench.balancer.enable("b");
            bench.fail("a", 1);
            assertEquals(Node.State.EJECTED, bench.node("a").state());
        }
    }

    @Test
    void aServerThatHangsForLongerThanItsEjectionStillFailsItsTrials() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.advance(1_050);
            Lease hanging = bench.balancer.acquire(RequestContext.none());
            bench.advance(1_500);
            Lease second = bench.balancer.acquire(RequestContext.none());
            assertEquals("a", second.endpoint().id());
            bench.advance(500);
            hanging.report(Outcome.TIMED_OUT);
            hanging.close();
            assertEquals(Node.State.EJECTED, bench.node("a").state());
            second.report(Outcome.SUCCESS);
            second.close();
            assertEquals(Node.State.EJECTED, bench.node("a").state(), "it began before the ejection");
            bench.advance(1_900);
            assertEquals(Node.State.EJECTED, bench.node("a").state(), "twice as long as before");
            bench.advance(200);
            assertEquals(Node.State.HALF_OPEN, bench.node("a").state());
        }
    }

    @Test
    void whileAllDrainAndServeAllTheSameAnEjectedOneIsTriedToo() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.fail("a", 5);
            bench.source.set(
                    Bench.endpoint("a").withDraining(true), Bench.endpoint("b").withDraining(true));
            assertEquals("b", bench.next());
            bench.advance(1_100);
            assertEquals("a", bench.next());
            assertFalse(bench.node("a").isEjected());
        }
    }
}
