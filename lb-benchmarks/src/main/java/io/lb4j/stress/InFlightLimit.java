package io.lb4j.stress;

import io.lb4j.EndpointSource;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.RequestContext;
import io.lb4j.balance.Balancers;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two requests for a node that takes one at a time. */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(
        id = {"1, 0, 0", "0, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "the node was full for the second")
@Outcome(id = "0, 0, 0", expect = Expect.FORBIDDEN, desc = "each turned the other away")
@Outcome(expect = Expect.FORBIDDEN, desc = "more in flight than the limit, or a slot that is not given back")
@State
public class InFlightLimit {
    private final LoadBalancer balancer = Fixture.builder(
                    new Fixture.Clock(),
                    EndpointSource.of(Fixture.endpoint("a").withMaxInFlight(1)),
                    Balancers.leastRequests())
            .build();

    private int inFlightDuringRequest() {
        try (Lease lease = balancer.tryAcquire(RequestContext.none())) {
            return lease == null ? 0 : lease.node().inFlight();
        }
    }

    /** The first request. */
    @Actor
    public void first(III_Result result) {
        result.r1 = inFlightDuringRequest();
    }

    /** The second request. */
    @Actor
    public void second(III_Result result) {
        result.r2 = inFlightDuringRequest();
    }

    /** What is left of them. */
    @Arbiter
    public void after(III_Result result) {
        result.r3 = balancer.nodes().get(0).inFlight();
    }
}
