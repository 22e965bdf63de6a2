package io.lb4j.stress;

import static io.lb4j.Outcome.SUCCESS;
import static io.lb4j.Outcome.TIMED_OUT;

import io.lb4j.Lease;
import io.lb4j.Node;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** Two threads report and close the same lease, for instance an answer and a time-out. */
@JCStressTest
@Outcome(
        id = {"true, false, 0, true", "false, true, 0, true"},
        expect = Expect.ACCEPTABLE,
        desc = "one report counts, the slot is given back once")
@Outcome(expect = Expect.FORBIDDEN, desc = "both or no report, or a slot or a waiting request too many or too few")
@State
public class LeaseEndsOnce {
    private final Fixture.Clock clock = new Fixture.Clock();
    private final Node node = Fixture.node(clock);
    private final Lease lease = node.acquire();

    /** The answer came. */
    @Actor
    public void answer(LLLL_Result result) {
        result.r1 = lease.report(SUCCESS, 1);
        lease.close();
    }

    /** The time was up. */
    @Actor
    public void timeOut(LLLL_Result result) {
        result.r2 = lease.report(TIMED_OUT, 1_000);
        lease.close();
    }

    /** What is left of it. */
    @Arbiter
    public void after(LLLL_Result result) {
        result.r3 = node.inFlight();
        result.r4 = Fixture.waitsForNothing(node, clock);
    }
}
