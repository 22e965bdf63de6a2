package io.lb4j.stress;

import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.balance.Balancers;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A request comes while all endpoints are replaced and one of the new ones is disabled; "off" is disabled throughout. */
@JCStressTest
@Outcome(
        id = {"b, a, b", "b, b, b", "b, c, b"},
        expect = Expect.ACCEPTABLE,
        desc = "served by the old list or by the new one, and after the order only by what it has left")
@Outcome(expect = Expect.FORBIDDEN, desc = "no endpoint, one that was in no list at that time, or one after its order")
@State
public class PlanIsComplete {
    private final MutableEndpointSource source =
            MutableEndpointSource.of(Fixture.endpoint("off").withWeight(9), Fixture.endpoint("a"));
    private final LoadBalancer balancer = Fixture.builder(new Fixture.Clock(), source, Balancers.weightedRoundRobin())
            .build();

    /** Disables the endpoint that stays out. */
    public PlanIsComplete() {
        balancer.disable("off:80");
    }

    /** Whoever brings the changes, and then sends a request. */
    @Actor
    public void change(LLL_Result result) {
        source.set(
                Fixture.endpoint("off").withWeight(9),
                Fixture.endpoint("b"),
                Fixture.endpoint("c").withWeight(2));
        balancer.disable("c:80");
        result.r1 = Fixture.destination(balancer);
    }

    /** A request. */
    @Actor
    public void request(LLL_Result result) {
        result.r2 = Fixture.destination(balancer);
    }

    /** A later request. */
    @Arbiter
    public void after(LLL_Result result) {
        result.r3 = Fixture.destination(balancer);
    }
}
