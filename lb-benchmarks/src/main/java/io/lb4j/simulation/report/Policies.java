package io.lb4j.simulation.report;

import io.lb4j.Balancer;
import io.lb4j.balance.Balancers;
import io.lb4j.simulation.Policy;
import io.lb4j.simulation.models.Models;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The policies that are compared; a new algorithm is one more line here. */
public final class Policies {
    private Policies() {}

    /**
     * Returns the algorithm the report is about.
     *
     * @return the policy
     */
    public static Policy leastResponseTime() {
        return Policy.product("leastResponseTime", Balancers::leastResponseTime);
    }

    /**
     * Returns its formula, without the product around it: shows what the product adds or costs.
     *
     * @return the policy
     */
    public static Policy formula() {
        return Models.letaFormula();
    }

    /**
     * Returns all of them.
     *
     * @return the policies; the product's first
     */
    public static List<Policy> all() {
        return List.of(
                leastResponseTime(),
                Policy.product("leastRequests", Balancers::leastRequests),
                Policy.product("byBusyness", Balancers::byBusyness),
                Policy.product("powerOfTwoChoices", Policies::twoChoicesByRequests),
                Policy.product("powerOfTwoChoices, expected cost", Policies::twoChoicesByCost),
                Policy.product("peakEwma", random -> Balancers.peakEwma(Duration.ofSeconds(10), random)),
                Policy.product("roundRobin", Balancers::roundRobin),
                Policy.product("random", Balancers::random),
                Policy.product("reportedLoad", Balancers::reportedLoad).withFeedback(),
                Policy.product("heartbeat", Balancers::heartbeat).withFeedback(),
                formula(),
                Models.nginxLeastTime(),
                Models.dialogue(),
                Models.serviceTalk(),
                Models.finaglePeakEwma(),
                Models.finaglePeakEwmaWithAccrual(),
                Models.leastRequestTwoChoices(),
                Models.plainRoundRobin(),
                Models.plainRandom(),
                Models.grpcWeightedRoundRobin());
    }

    private static Balancer twoChoicesByRequests(Supplier<RandomGenerator> random) {
        return Balancers.powerOfTwoChoices(
                (nodes, i, now) -> (nodes.get(i).inFlight() + 1) / nodes.effectiveWeight(i, now), random);
    }

    private static Balancer twoChoicesByCost(Supplier<RandomGenerator> random) {
        return Balancers.powerOfTwoChoices((nodes, i, now) -> nodes.get(i).expectedCost(now) / nodes.weight(i), random);
    }
}
