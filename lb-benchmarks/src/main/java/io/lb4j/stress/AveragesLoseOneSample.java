package io.lb4j.stress;

import static io.lb4j.Outcome.FAILURE;
import static io.lb4j.Outcome.SUCCESS;

import io.lb4j.Lease;
import io.lb4j.Node;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Two failures that took long are reported at once: the averages are written without a lock. */
@JCStressTest
@Outcome(id = "2, 2, true", expect = Expect.ACCEPTABLE, desc = "both samples are in both averages")
@Outcome(
        id = {"1, 1, true", "1, 2, true", "2, 1, true"},
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "an average has lost one of two samples, as documented")
@Outcome(expect = Expect.FORBIDDEN, desc = "an average that no order of the samples gives, or a cost that is no number")
@State
public class AveragesLoseOneSample {
    private static final long USUAL = 1_000_000;
    private static final long SLOW = 3_000_000;
    private static final Node[] SERIAL = {afterSerial(0), afterSerial(1), afterSerial(2)};

    private final Fixture.Clock clock = new Fixture.Clock();
    private final Node node = warm(clock);
    private final Lease one = node.acquire();
    private final Lease other = node.acquire();

    private static Node warm(Fixture.Clock clock) {
        Node node = Fixture.node(clock);
        try (Lease lease = node.acquire()) {
            lease.report(SUCCESS, USUAL);
        }
        return node;
    }

    private static Node afterSerial(int failures) {
        Node node = warm(new Fixture.Clock());
        for (int i = 0; i < failures; i++) {
            try (Lease lease = node.acquire()) {
                lease.report(FAILURE, SLOW);
            }
        }
        return node;
    }

    /** One failure. */
    @Actor
    public void oneFails() {
        one.report(FAILURE, SLOW);
        one.close();
    }

    /** The other failure. */
    @Actor
    public void otherFails() {
        other.report(FAILURE, SLOW);
        other.close();
    }

    /** How many samples are in the averages. */
    @Arbiter
    public void after(LLL_Result result) {
        int latencies = -1;
        int failures = -1;
        for (int i = 0; i < SERIAL.length; i++) {
            latencies = node.latencyNanos(0) == SERIAL[i].latencyNanos(0) ? i : latencies;
            failures = node.failureRate(0) == SERIAL[i].failureRate(0) ? i : failures;
        }
        result.r1 = latencies;
        result.r2 = failures;
        result.r3 = node.expectedCost() >= USUAL && node.expectedCost() < Double.POSITIVE_INFINITY;
    }
}
