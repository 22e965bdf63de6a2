package io.lb4j.stress;

import static io.lb4j.Outcome.SUCCESS;

import io.lb4j.Lease;
import io.lb4j.Node;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZ_Result;

/** The mean age of the requests that wait for an answer is read while one of them comes and goes. */
@JCStressTest
@Outcome(id = "7000, true", expect = Expect.ACCEPTABLE, desc = "the age of the one that waits all the time")
@Outcome(id = "5000, true", expect = Expect.ACCEPTABLE, desc = "the mean of both")
@Outcome(expect = Expect.FORBIDDEN, desc = "a sum of ages that does not belong to the count")
@State
public class WaitIsNotTorn {
    private static final long SECOND = 1_000_000_000;

    private final Fixture.Clock clock = new Fixture.Clock();
    private final Node node = Fixture.node(clock);
    private final Lease waiting;

    /** Opens the lease that waits from second 1 on; the other one opens at second 5, and the time read is 8. */
    public WaitIsNotTorn() {
        clock.nanos = SECOND;
        waiting = node.acquire();
        clock.nanos = 5 * SECOND;
    }

    /** A request that comes and goes. */
    @Actor
    public void request() {
        try (Lease lease = node.acquire()) {
            lease.report(SUCCESS, 1);
        }
    }

    /** Whoever wants to know the mean age, in milliseconds. */
    @Actor
    public void reader(JZ_Result result) {
        result.r1 = (long) node.latencyNanos(8 * SECOND) / 1_000_000;
    }

    /** Whether the sum is right when all is over. */
    @Arbiter
    public void after(JZ_Result result) {
        waiting.close();
        result.r2 = node.inFlight() == 0 && Fixture.waitsForNothing(node, clock);
    }
}
