package io.lb4j.simulation.models;

import io.lb4j.simulation.Policy;

/** Our models of policies that are not the product's. */
public final class Models {
    private Models() {}

    /**
     * Returns random choice without health.
     *
     * @return the policy
     */
    public static Policy plainRandom() {
        return Policy.model("plain random", (servers, random) -> new PlainRandom(random));
    }

    /**
     * Returns round robin without health.
     *
     * @return the policy
     */
    public static Policy plainRoundRobin() {
        return Policy.model("plain round robin", (servers, random) -> new PlainRoundRobin(random));
    }

    /**
     * Returns P2C least request, as Envoy, gRPC and Finagle have it.
     *
     * @return the policy
     */
    public static Policy leastRequestTwoChoices() {
        return Policy.model("P2C least request", LeastRequestTwoChoices::new);
    }

    /**
     * Returns Finagle's peak EWMA.
     *
     * @return the policy
     */
    public static Policy finaglePeakEwma() {
        return Policy.model("Finagle peak EWMA", (servers, random) -> new FinaglePeakEwma(servers, random, false));
    }

    /**
     * Returns Finagle's peak EWMA with failure accrual.
     *
     * @return the policy
     */
    public static Policy finaglePeakEwmaWithAccrual() {
        return Policy.model(
                "Finagle peak EWMA, accrual", (servers, random) -> new FinaglePeakEwma(servers, random, true));
    }

    /**
     * Returns ServiceTalk's P2C.
     *
     * @return the policy
     */
    public static Policy serviceTalk() {
        return Policy.model("ServiceTalk P2C", ServiceTalkEwma::new);
    }

    /**
     * Returns Dialogue's BALANCED.
     *
     * @return the policy
     */
    public static Policy dialogue() {
        return Policy.model("Dialogue BALANCED", DialogueBalanced::new);
    }

    /**
     * Returns NGINX least_time.
     *
     * @return the policy
     */
    public static Policy nginxLeastTime() {
        return Policy.model("NGINX least_time", NginxLeastTime::new);
    }

    /**
     * Returns gRPC's weighted round robin, which needs load reports.
     *
     * @return the policy
     */
    public static Policy grpcWeightedRoundRobin() {
        return Policy.model("gRPC ORCA WRR", GrpcWeightedRoundRobin::new).withFeedback();
    }

    /**
     * Returns the formula of least response time, without the product around it.
     *
     * @return the policy
     */
    public static Policy letaFormula() {
        return Policy.model("LETA, formula alone", LetaFormula::new);
    }
}
