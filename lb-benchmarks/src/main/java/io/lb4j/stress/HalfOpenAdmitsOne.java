package io.lb4j.stress;

import static io.lb4j.Outcome.FAILURE;
import static io.lb4j.Outcome.SUCCESS;

import io.lb4j.EndpointSource;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.RequestContext;
import io.lb4j.balance.Balancers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** Two requests find a node whose ejection is over, at the same time by the clock; half of the trials fail. */
@JCStressTest
@Outcome(
        id = {"true, false, true, 0", "false, true, true, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "one request was the trial, and decided")
@Outcome(id = "true, true.*", expect = Expect.FORBIDDEN, desc = "two trials")
@Outcome(id = "false, false.*", expect = Expect.FORBIDDEN, desc = "no trial")
@Outcome(expect = Expect.FORBIDDEN, desc = "the trial did not decide, or a slot is lost")
@State
public class HalfOpenAdmitsOne {
    private final Fixture.Clock clock = new Fixture.Clock();
    private final LoadBalancer balancer = Fixture.builder(
                    clock, EndpointSource.of(Fixture.endpoint("out"), Fixture.endpoint("well")), Balancers.roundRobin())
            .build();
    private final boolean fails = ThreadLocalRandom.current().nextBoolean();
    private final Node out = Objects.requireNonNull(balancer.nodes().find("out:80"));

    /** Ejects the node and lets the time of the ejection pass. */
    public HalfOpenAdmitsOne() {
        try (Lease lease = out.acquire()) {
            lease.rest(Duration.ofSeconds(1), "it asked for it");
        }
        balancer.tick();
        clock.nanos = Duration.ofSeconds(2).toNanos();
        balancer.tick();
    }

    private boolean isTrial() {
        try (Lease lease = balancer.acquire(RequestContext.none())) {
            boolean trial = lease.isTrial();
            lease.report(trial && fails ? FAILURE : SUCCESS);
            return trial;
        }
    }

    /** One request. */
    @Actor
    public void one(LLLL_Result result) {
        result.r1 = isTrial();
    }

    /** The other request. */
    @Actor
    public void other(LLLL_Result result) {
        result.r2 = isTrial();
    }

    /** Whether the node is out or back, as the trial went. */
    @Arbiter
    public void after(LLLL_Result result) {
        result.r3 = out.state() == (fails ? Node.State.EJECTED : Node.State.UP);
        result.r4 = out.inFlight();
    }
}
