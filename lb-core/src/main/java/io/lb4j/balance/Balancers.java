package io.lb4j.balance;

import static java.util.Objects.requireNonNull;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import io.lb4j.NodeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The selection algorithms.
 *
 * <p>What the methods return is what a LoadBalancer is configured with: it is immutable and thread-safe, and one object
 * may serve several LoadBalancers. Own selection code calls {@link Balancer#prepare} first and picks with the result;
 * an algorithm that needs this says so with an {@link IllegalStateException}. No pick locks or allocates. A node of
 * weight 0 is never picked; if the request {@linkplain io.lb4j.RequestContext#hasExclusions() has exclusions}, the
 * choice is made among the other nodes, and is null if there are none.
 *
 * <p>Where chance has a part, a variant of the method takes the source of randomness: it is asked on the thread that
 * picks, so it should return a generator of that thread, as {@code ThreadLocalRandom::current} does.
 */
public final class Balancers {
    private static final Supplier<ThreadLocalRandom> RANDOM = ThreadLocalRandom::current;

    private Balancers() {}

    /**
     * Returns round robin: one node after the other, whatever it weighs.
     *
     * <p>An exact cycle that starts at a random place, so that clients which start together do not all begin with the
     * same node, and goes on where it was when nodes come and go. Threads share one cursor until they get in each
     * other's way; then each of a few groups of threads has a cycle of its own. An excluded node is passed over.
     *
     * @return the algorithm
     */
    public static Balancer roundRobin() {
        return roundRobin(RANDOM);
    }

    /**
     * Returns {@linkplain #roundRobin() round robin} with another source of randomness.
     *
     * @param random gives the start of the cycle
     * @return the algorithm
     */
    public static Balancer roundRobin(Supplier<? extends RandomGenerator> random) {
        return RoundRobin.starting(checked(random));
    }

    /**
     * Returns uniform random choice: every node with the same probability, whatever it weighs.
     *
     * @return the algorithm
     */
    public static Balancer random() {
        return random(RANDOM);
    }

    /**
     * Returns {@linkplain #random() random choice} with another source of randomness.
     *
     * @param random asked once per pick
     * @return the algorithm
     */
    public static Balancer random(Supplier<? extends RandomGenerator> random) {
        return RandomChoice.of(checked(random));
    }

    /**
     * Returns least requests: the node with the lowest {@code (inFlight + 1) / weight} of all, the weight reduced during
     * slow start.
     *
     * <p>Equal nodes have equal chances. A client with one request at a time finds all nodes idle and always uses the
     * heaviest: weights take effect in the number of requests in flight. Sources: least connections of HAProxy and
     * NGINX, {@code FULL_SCAN} of Envoy's least request.
     *
     * @return the algorithm
     */
    public static Balancer leastRequests() {
        return leastRequests(RANDOM);
    }

    /**
     * Returns {@linkplain #leastRequests() least requests} with another source of randomness.
     *
     * @param random asked when nodes are equal
     * @return the algorithm
     */
    public static Balancer leastRequests(Supplier<? extends RandomGenerator> random) {
        return leastCost(Balancers::requestsPerWeight, random);
    }

    /**
     * Returns the choice of the node with the lowest cost of all.
     *
     * <p>Equal nodes have equal chances. Computes the cost of each node per pick, so it suits sets of up to some hundred
     * nodes; {@link #powerOfTwoChoices(Cost)} is for more.
     *
     * @param cost what is compared; a weight counts only if the cost contains it
     * @return the algorithm
     */
    public static Balancer leastCost(Cost cost) {
        return leastCost(cost, RANDOM);
    }

    /**
     * Returns {@linkplain #leastCost(Cost) lowest cost} with another source of randomness.
     *
     * @param cost what is compared; a weight counts only if the cost contains it
     * @param random asked when nodes are equal
     * @return the algorithm
     */
    public static Balancer leastCost(Cost cost, Supplier<? extends RandomGenerator> random) {
        return new LeastCost(checked(cost), checked(random));
    }

    /**
     * Returns power of two choices: of two different random nodes the one with the lower {@code (inFlight + 1) / weight}.
     *
     * @return the algorithm
     * @see #powerOfTwoChoices(Cost)
     */
    public static Balancer powerOfTwoChoices() {
        return powerOfTwoChoices(Balancers::requestsPerWeight);
    }

    /**
     * Returns power of two choices: of two different random nodes the one that costs less.
     *
     * <p>The two are drawn uniformly, so no node gets more than {@code 2 / n} of the requests, whatever it weighs.
     * Source: Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 1996.
     *
     * @param cost what is compared; a weight counts only if the cost contains it
     * @return the algorithm
     */
    public static Balancer powerOfTwoChoices(Cost cost) {
        return powerOfTwoChoices(cost, RANDOM);
    }

    /**
     * Returns {@linkplain #powerOfTwoChoices(Cost) power of two choices} with another source of randomness.
     *
     * @param cost what is compared; a weight counts only if the cost contains it
     * @param random asked once per pick, for 64 bits
     * @return the algorithm
     */
    public static Balancer powerOfTwoChoices(Cost cost, Supplier<? extends RandomGenerator> random) {
        return PowerOfTwoChoices.of(checked(cost), checked(random));
    }

    /**
     * Returns least response time: the node where the next request is expected to be answered first.
     *
     * <p>Compares {@link io.lb4j.Node#expectedCost() expected cost} by weight: the latency average of the node or the age
     * of what it has not answered yet, times the requests in flight and one more, with a surcharge for a node that fails
     * more than the others and for one that has just started. Looks at all nodes up to 128, at 16 random ones above. What
     * time alone changes is brought up to date every 4 ms. Equal nodes have equal chances.
     *
     * @return the algorithm
     */
    public static Balancer leastResponseTime() {
        return leastResponseTime(RANDOM);
    }

    /**
     * Returns {@linkplain #leastResponseTime() least response time} with another source of randomness.
     *
     * @param random draws from more than 128 nodes
     * @return the algorithm
     */
    public static Balancer leastResponseTime(Supplier<? extends RandomGenerator> random) {
        return LeastResponseTime.of(checked(random));
    }

    private static double requestsPerWeight(NodeSet nodes, int i, long nowNanos) {
        return (nodes.get(i).inFlight() + 1) / nodes.effectiveWeight(i, nowNanos);
    }

    private static Cost checked(Cost cost) {
        return requireNonNull(cost, "cost: null (expected: for instance (nodes, i, now) -> nodes.get(i).inFlight())");
    }

    private static Supplier<? extends RandomGenerator> checked(Supplier<? extends RandomGenerator> random) {
        return requireNonNull(random, "random: null (expected: for instance ThreadLocalRandom::current)");
    }
}
