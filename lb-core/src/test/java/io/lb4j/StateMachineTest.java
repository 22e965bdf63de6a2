package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.HealthProbe.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each transition between the states of a node, what causes it, and what the listener is told. */
class StateMachineTest {
    private final Map<String, Object> health = new ConcurrentHashMap<>();
    private final List<String> transitions = new ArrayList<>();

    private final HealthProbe scripted = (endpoint, timeout) -> {
        Object answer = health.getOrDefault(endpoint.id(), Verdict.PASS);
        if (answer instanceof Verdict verdict) {
            return verdict;
        }
        throw new IllegalStateException(answer.toString());
    };

    private final LoadBalancerListener recorder = new LoadBalancerListener() {
        @Override
        public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
            if (node.endpoint().id().equals("a")) {
                transitions.add(from + ">" + to + ": " + reason);
            }
        }
    };

    private Bench bench;

    @AfterEach
    void close() {
        bench.close();
    }

    /** Three nodes without checks. */
    private void start() {
        bench = Bench.with(builder -> builder.listener(recorder), "a", "b", "c");
    }

    /** Three nodes whose checks, every 5 s, say what {@link #health} says; the first one says this of a. */
    private void startChecked(Object first) {
        health.put("a", first);
        bench = Bench.with(
                builder -> builder.listener(recorder)
                        .healthProbe(
                                scripted,
                                HealthProbe.Schedule.standard().withJitter(0).withThresholds(2, 2))
                        .random(Bench::latest)
                        .probeExecutor(Runnable::run),
                "a",
                "b",
                "c");
        bench.advance(100);
    }

    /** The checks say this from now on, for so many of them. */
    private void checks(Object answer, int times) {
        health.put("a", answer);
        bench.advance(5_000L * times);
    }

    private void expect(String... expected) {
        bench.advance(100);
        assertEquals(List.of(expected), transitions);
        transitions.clear();
    }

    private void trial(Outcome outcome) {
        try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
            assertEquals("a true", trial.endpoint().id() + " " + trial.isTrial());
            trial.report(outcome);
        }
    }

    // ------------------------------------------------------------------------------------------ checks

    @Test
    void checkingToUpWithTheFirstPass() {
        startChecked(Verdict.PASS);
        expect("CHECKING>UP: first check passed");
    }

    @Test
    void checkingToDegradedWithAFirstPassThatSaysSo() {
        startChecked(Verdict.DEGRADED);
        expect("CHECKING>DEGRADED: first check passed");
    }

    @Test
    void checkingToDownWithTheFirstFailure() {
        startChecked("503");
        expect("CHECKING>DOWN: check failed: IllegalStateException: 503");
    }

    @Test
    void checkingToEjectedByFailuresOfRequests() {
        bench = Bench.with(
                builder -> builder.listener(recorder)
                        .healthProbe(scripted, HealthProbe.Schedule.standard())
                        .probeExecutor(task -> {}),
                "a",
                "b",
                "c");
        bench.fail("a", 5);
        expect("CHECKING>EJECTED: 5 failures in a row, the last FAILURE");
    }

    @Test
    void upToDegradedAndBackWithTheNextCheck() {
        startChecked(Verdict.PASS);
        transitions.clear();
        checks(Verdict.DEGRADED, 1);
        expect("UP>DEGRADED: check says DEGRADED");
        checks(Verdict.PASS, 1);
        expect("DEGRADED>UP: check says PASS");
    }

    @Test
    void upToDownWithFailuresInARow() {
        startChecked(Verdict.PASS);
        transitions.clear();
        checks("503", 1);
        expect();
        checks("503", 1);
        expect("UP>DOWN: check failed: IllegalStateException: 503");
    }

    @Test
    void degradedToDownWithFailuresInARow() {
        startChecked(Verdict.DEGRADED);
        transitions.clear();
        checks("503", 2);
        expect("DEGRADED>DOWN: check failed: IllegalStateException: 503");
    }

    @Test
    void downToUpWithPassesInARow() {
        startChecked("503");
        transitions.clear();
        checks(Verdict.PASS, 1);
        expect();
        checks(Verdict.PASS, 1);
        expect("DOWN>UP: checks passed");
    }

    @Test
    void downToDegradedWithPassesThatSaySo() {
        startChecked("503");
        transitions.clear();
        checks(Verdict.DEGRADED, 2);
        expect("DOWN>DEGRADED: checks passed");
    }

    // ------------------------------------------------------------------------------------------ verdicts

    @Test
    void upToEjectedByTheTracker() {
        start();
        bench.fail("a", 5);
        expect("UP>EJECTED: 5 failures in a row, the last FAILURE");
    }

    @Test
    void upToEjectedByTheServersOwnWord() {
        start();
        try (Lease lease = bench.balancer.acquire(RequestContext.none())) {
            lease.overloaded(Duration.ofSeconds(7));
        }
        expect("UP>EJECTED: overloaded for 7000 ms");
    }

    @Test
    void ejectedToHalfOpenWithTime() {
        start();
        bench.fail("a", 5);
        bench.advance(990);
        transitions.clear();
        expect("EJECTED>HALF_OPEN: its time is over, the next request may try it");
    }

    @Test
    void ejectedToHalfOpenWithAPassAndNoFurther() {
        startChecked(Verdict.PASS);
        bench.advance(4_780);
        bench.fail("a", 5);
        expect("CHECKING>UP: first check passed", "UP>EJECTED: 5 failures in a row, the last FAILURE");
        expect("EJECTED>HALF_OPEN: check passed");
        checks(Verdict.PASS, 3);
        expect();
    }

    @Test
    void halfOpenToUpWithASuccess() {
        start();
        bench.fail("a", 5);
        bench.advance(1_050);
        transitions.clear();
        trial(Outcome.SUCCESS);
        expect("HALF_OPEN>UP: trial succeeded");
    }

    @Test
    void halfOpenToEjectedWithAFailure() {
        start();
        bench.fail("a", 5);
        bench.advance(1_050);
        transitions.clear();
        trial(Outcome.TIMED_OUT);
        expect("HALF_OPEN>EJECTED: trial ended TIMED_OUT");
    }

    @Test
    void halfOpenStaysWithACancelledTrial() {
        start();
        bench.fail("a", 5);
        bench.advance(1_050);
        transitions.clear();
        trial(Outcome.CANCELLED);
        expect();
    }

    @Test
    void ejectedToDownWithFailedChecksAndBackToHalfOpenWithPasses() {
        startChecked(Verdict.PASS);
        bench.fail("a", 5);
        bench.advance(100);
        transitions.clear();
        checks("503", 2);
        expect(
                "EJECTED>HALF_OPEN: its time is over, the next request may try it",
                "HALF_OPEN>DOWN: check failed: IllegalStateException: 503");
        checks(Verdict.PASS, 2);
        expect("DOWN>HALF_OPEN: checks passed");
    }

    @Test
    void ejectedToDownWithFailedChecks() {
        startChecked(Verdict.PASS);
        try (Lease lease = bench.node("a").acquire()) {
            lease.overloaded(Duration.ofSeconds(60));
        }
        bench.advance(100);
        transitions.clear();
        checks("503", 2);
        expect("EJECTED>DOWN: check failed: IllegalStateException: 503");
    }

    @Test
    void degradedToEjectedByTheTrackerAndBackToDegradedWithASuccess() {
        startChecked(Verdict.DEGRADED);
        transitions.clear();
        bench.fail("a", 5);
        expect("DEGRADED>EJECTED: 5 failures in a row, the last FAILURE");
        bench.advance(1_000);
        transitions.clear();
        trial(Outcome.SUCCESS);
        expect("HALF_OPEN>DEGRADED: trial succeeded");
    }

    @Test
    void halfOpenToEjectedByTheServersOwnWord() {
        start();
        bench.fail("a", 5);
        bench.advance(1_050);
        transitions.clear();
        try (Lease trial = bench.balancer.acquire(RequestContext.none())) {
            assertEquals("a true", trial.endpoint().id() + " " + trial.isTrial());
            trial.overloaded(Duration.ofSeconds(7));
        }
        expect("HALF_OPEN>EJECTED: overloaded for 7000 ms");
    }

    // ------------------------------------------------------------------------------------------ operators

    @Test
    void upToDrainingToDisabledWhenNothingIsInFlightAndBackWhenEnabled() throws Exception {
        start();
        Lease lease = bench.balancer.acquire(RequestContext.none());
        var drained = bench.balancer.drain("a", Duration.ofSeconds(300));
        expect("UP>DRAINING: drained by an operator");
        lease.close();
        assertEquals(0, drained.get(1, TimeUnit.SECONDS));
        bench.advance(100);
        assertEquals(1, transitions.size());
        assertEquals("DRAINING>DISABLED", transitions.remove(0).split(":")[0]);
        bench.balancer.enable("a");
        bench.advance(100);
        assertEquals("DISABLED>UP", transitions.remove(0).split(":")[0]);
    }

    @Test
    void drainingToDisabledAtTheDeadline() throws Exception {
        start();
        Lease lease = bench.balancer.acquire(RequestContext.none());
        var drained = bench.balancer.drain("a", Duration.ofSeconds(300));
        bench.advance(299_000);
        assertEquals(Node.State.DRAINING, bench.node("a").state());
        bench.advance(1_100);
        assertEquals(Node.State.DISABLED, bench.node("a").state());
        assertEquals(1, drained.get(1, TimeUnit.SECONDS), "still in flight");
        lease.close();
    }

    @Test
    void drainingToUpWhenUndrained() {
        start();
        Lease lease = bench.balancer.acquire(RequestContext.none());
        var drained = bench.balancer.drain("a", Duration.ofSeconds(300));
        bench.advance(100);
        transitions.clear();
        bench.balancer.undrain("a");
        bench.advance(100);
        assertEquals("DRAINING>UP", transitions.remove(0).split(":")[0]);
        assertEquals(true, drained.isCompletedExceptionally());
        lease.close();
    }

    @Test
    void upToDrainingAsItsSourceWants() {
        start();
        bench.source.set(Bench.endpoint("a").withDraining(true), Bench.endpoint("b"), Bench.endpoint("c"));
        expect("UP>DRAINING: as its source wants");
    }

    @Test
    void anyStateToDisabledAndBackToWhatItIsByThen() {
        start();
        bench.balancer.disable("a");
        expect("UP>DISABLED: disabled by an operator");
        bench.fail("a", 5);
        bench.balancer.enable("a");
        bench.advance(100);
        assertEquals("DISABLED>EJECTED", transitions.remove(0).split(":")[0]);
        bench.balancer.disable("a");
        expect("EJECTED>DISABLED: disabled by an operator");
        bench.advance(2_000);
        bench.balancer.enable("a");
        bench.advance(100);
        assertEquals("DISABLED>HALF_OPEN", transitions.remove(0).split(":")[0]);
    }
}
