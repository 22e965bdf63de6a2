package io.lb4j.stress;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.balance.Balancers;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.DDD_Result;

/** A server asks for nearly the weight that it has, and at the same time for another one, in two answers. */
@JCStressTest
@Outcome(
        id = {"3.0, 3.0, 1.0", "3.01, 3.01, 1.0", "5.0, 5.0, 1.0"},
        expect = Expect.ACCEPTABLE,
        desc = "the plan follows whichever answer came last")
@Outcome(expect = Expect.FORBIDDEN, desc = "the plan has another weight than the node, or the time of it never ends")
@State
public class TargetWeightIsInEffect {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Fixture.Clock clock = new Fixture.Clock();
    private final LoadBalancer balancer = Fixture.builder(
                    clock, EndpointSource.of(Fixture.endpoint("a"), Fixture.endpoint("b")), Balancers.roundRobin())
            .build();

    /** Has asked for 3. */
    public TargetWeightIsInEffect() {
        node().targetWeight(3, HOUR);
        balancer.tick();
    }

    private Node node() {
        return balancer.nodes().get(0);
    }

    /** Nearly the same. */
    @Actor
    public void again() {
        node().targetWeight(3.01, HOUR);
        balancer.tick();
    }

    /** Another one. */
    @Actor
    public void other() {
        node().targetWeight(5, HOUR);
        balancer.tick();
    }

    /** The weight in the plan, that in a plan made anew, and that after its time. */
    @Arbiter
    public void after(DDD_Result result) {
        balancer.tick();
        result.r1 = balancer.nodes().weight(0);
        balancer.resetWeight("a:80");
        result.r2 = balancer.nodes().weight(0);
        clock.nanos = HOUR.plusHours(1).toNanos();
        balancer.tick();
        result.r3 = balancer.nodes().weight(0);
    }
}
