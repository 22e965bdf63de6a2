package io.lb4j.stress;

import static io.lb4j.Outcome.FAILURE;
import static io.lb4j.Outcome.SUCCESS;

import io.lb4j.ConsecutiveFailures;
import io.lb4j.HealthTracker;
import io.lb4j.Lease;
import io.lb4j.Node;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A failure and a success are reported at once; the success after them sets the count of failures back all the same. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the third failure after the last success ejects")
@Outcome(expect = Expect.FORBIDDEN, desc = "a failure from before the last success counts, or one after it does not")
@State
public class SuccessForgetsFailures implements HealthTracker.Control {
    private final Lease lease = Fixture.node(new Fixture.Clock()).acquire();
    private final HealthTracker.NodeHealth health =
            ConsecutiveFailures.builder().failures(3).build().track(lease.node());
    /** Plain: only the arbiter comes to the third failure. */
    private int ejections;

    @Override
    public boolean eject(Node node, Duration duration, String reason) {
        ejections++;
        return true;
    }

    @Override
    public void restore(Node node, String reason) {}

    private void report(io.lb4j.Outcome outcome) {
        health.onReport(lease, outcome, 0, this);
    }

    /** One request fails. */
    @Actor
    public void failure() {
        report(FAILURE);
    }

    /** Another one does not. */
    @Actor
    public void success() {
        report(SUCCESS);
    }

    /** One success, then three failures. */
    @Arbiter
    public void after(II_Result result) {
        report(SUCCESS);
        report(FAILURE);
        report(FAILURE);
        result.r1 = ejections;
        report(FAILURE);
        result.r2 = ejections;
    }
}
