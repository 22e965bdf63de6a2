package io.lb4j.balance;

import static io.lb4j.balance.Arguments.checked;

import io.lb4j.Balancer;
import io.lb4j.Cost;
import java.time.Duration;
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
     * Returns weighted round robin: each node as often as its weight says, in the smoothest order.
     *
     * <p>Weights 5, 1, 1 give A A B A C A A. Exact for any weights, decimal ones too: over one period, up to 4,096 picks
     * long, or, where the weights have no period that short, up to a few picks after any number of them. Slow start
     * reduces the weight, in about ten steps. Start, updates, threads and excluded nodes are as with {@link #roundRobin()
     * round robin}. Sources: smooth weighted round robin of NGINX, {@code byrequests} of Apache; above 4,096 a golden
     * ratio sequence.
     *
     * @return the algorithm
     */
    public static Balancer weightedRoundRobin() {
        return weightedRoundRobin(RANDOM);
    }

    /**
     * Returns {@linkplain #weightedRoundRobin() weighted round robin} with another source of randomness.
     *
     * @param random gives the start of the cycle, and draws where a request excludes most of it
     * @return the algorithm
     */
    public static Balancer weightedRoundRobin(Supplier<? extends RandomGenerator> random) {
        return WeightedRoundRobin.starting(checked(random));
    }

    /**
     * Returns weighted random choice: every node with the probability of its weight, reduced during slow start.
     *
     * <p>Takes the same time for any number of nodes and any weights. Sources: the alias method, Walker 1977, Vose 1991.
     *
     * @return the algorithm
     */
    public static Balancer weightedRandom() {
        return weightedRandom(RANDOM);
    }

    /**
     * Returns {@linkplain #weightedRandom() weighted random choice} with another source of randomness.
     *
     * @param random asked once per pick, for 64 bits
     * @return the algorithm
     */
    public static Balancer weightedRandom(Supplier<? extends RandomGenerator> random) {
        return WeightedRandom.of(checked(random));
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
     * @param random asked once per pick for 64 bits, and again when nodes are equal
     * @return the algorithm
     */
    public static Balancer leastRequests(Supplier<? extends RandomGenerator> random) {
        return LeastRequests.of(checked(random));
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
        return powerOfTwoChoices(LeastCost.BY_REQUESTS);
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

    /**
     * Returns {@linkplain #peakEwma(Duration) peak EWMA} with the decay that Finagle has, 10 s.
     *
     * @return the algorithm
     */
    public static Balancer peakEwma() {
        return peakEwma(Duration.ofSeconds(10));
    }

    /**
     * Returns peak EWMA: of two random nodes the one with the lower {@code peak * (inFlight + 1) / weight}.
     *
     * <p>The peak is an average of latencies that {@linkplain io.lb4j.PeakLatency jumps to every higher sample} and decays
     * from there. A node that has not answered yet gets one request at a time, as long as others have answered. Source:
     * {@code PeakEwma} of Finagle; there without weights, and with a failure counted like an answer.
     *
     * @param decay after which time a sample counts 1/e, more than 0
     * @return the algorithm
     */
    public static Balancer peakEwma(Duration decay) {
        return peakEwma(decay, RANDOM);
    }

    /**
     * Returns {@linkplain #peakEwma(Duration) peak EWMA} with another source of randomness.
     *
     * @param decay after which time a sample counts 1/e, more than 0
     * @param random asked once per pick, for 64 bits
     * @return the algorithm
     */
    public static Balancer peakEwma(Duration decay, Supplier<? extends RandomGenerator> random) {
        return PeakEwma.of(checked("decay", decay), checked(random));
    }

    /**
     * Returns the {@code bybusyness} of Apache: the fewest requests in flight, whatever a node weighs; among equals the
     * order of {@code byrequests}, in which weights count.
     *
     * <p>{@link #leastRequests()} divides by the weight and is better where weights differ. Unlike Apache's, a node that
     * was busy for long does not get all the requests it missed when it is free again, but one at most.
     *
     * @return the algorithm
     */
    public static Balancer byBusyness() {
        return byBusyness(RANDOM);
    }

    /**
     * Returns {@linkplain #byBusyness() by busyness} with another source of randomness.
     *
     * @param random gives the start of the order
     * @return the algorithm
     */
    public static Balancer byBusyness(Supplier<? extends RandomGenerator> random) {
        return ByBusyness.starting(checked(random));
    }

    /**
     * Returns the {@code bytraffic} of Apache: the node with the fewest bytes, sent and received, per weight.
     *
     * <p>Counts what callers {@linkplain io.lb4j.Lease#transferred report as transferred} while the algorithm is in use,
     * for ever. A node that joins, or comes back, begins with the least count of the others; in Apache it begins with none
     * and gets every request until it has caught up. Equal nodes have equal chances.
     *
     * @return the algorithm
     */
    public static Balancer byTraffic() {
        return ByTraffic.of(0, RANDOM);
    }

    /**
     * Returns {@linkplain #byTraffic() by traffic} that forgets.
     *
     * @param halfLife after which time bytes count half, more than 0
     * @return the algorithm
     */
    public static Balancer byTraffic(Duration halfLife) {
        return byTraffic(halfLife, RANDOM);
    }

    /**
     * Returns {@linkplain #byTraffic(Duration) by traffic that forgets} with another source of randomness.
     *
     * @param halfLife after which time bytes count half, more than 0
     * @param random asked when nodes are equal
     * @return the algorithm
     */
    public static Balancer byTraffic(Duration halfLife, Supplier<? extends RandomGenerator> random) {
        return ByTraffic.of(checked("halfLife", halfLife).toNanos(), checked(random));
    }

    /**
     * Returns the choice by heartbeats of Apache: every node with the probability of the free slots it {@linkplain
     * io.lb4j.LoadReport#readySlots() reports}, times its weight.
     *
     * <p>A report counts for 10 s, and is read at most 0.1 s late. If no node reports a free slot, those that have sent
     * any report within 30 s take turns, and if there are none, or the request excludes them, all nodes. Apache prefers
     * the last node of its list, cuts an idle one to a quarter, and answers 503 when nobody is free; this does not.
     *
     * @return the algorithm
     */
    public static Balancer heartbeat() {
        return heartbeat(RANDOM);
    }

    /**
     * Returns {@linkplain #heartbeat() choice by heartbeats} with another source of randomness.
     *
     * @param random asked once per pick, for 64 bits
     * @return the algorithm
     */
    public static Balancer heartbeat(Supplier<? extends RandomGenerator> random) {
        return Heartbeat.of(checked(random));
    }

    /**
     * Returns weighted round robin by reported load: a node's share is {@code requests / (utilization + errors / requests)}
     * as its server {@linkplain io.lb4j.LoadReport reports} them, times its weight.
     *
     * <p>Reports count when they have come for 10 s, and for 3 min each; a node without such reports gets the mean share.
     * Shares follow the reports once a second. None is less than a tenth or more than ten times the mean. Sources: gRFC
     * A58 of gRPC, client-side weighted round robin of Envoy.
     *
     * @return the algorithm
     */
    public static Balancer reportedLoad() {
        return reportedLoad(RANDOM);
    }

    /**
     * Returns {@linkplain #reportedLoad() reported load} with another source of randomness.
     *
     * @param random gives the start of the cycle, and draws where a request excludes most of it
     * @return the algorithm
     */
    public static Balancer reportedLoad(Supplier<? extends RandomGenerator> random) {
        return ReportedLoad.of(checked(random));
    }

    /**
     * Returns the choice of one node for all requests, until that is out of service, full, or excluded by a request; then
     * of another one for all, and so on. It does not go back.
     *
     * <p>Each choice is random by weight, so that not all clients use the same node. Source: {@code pick_first} of gRPC.
     *
     * @return the algorithm
     */
    public static Balancer pinned() {
        return pinned(RANDOM);
    }

    /**
     * Returns {@linkplain #pinned() the pinned choice} with another source of randomness.
     *
     * @param random asked once per choice
     * @return the algorithm
     */
    public static Balancer pinned(Supplier<? extends RandomGenerator> random) {
        return Pinned.of(checked(random));
    }

    /**
     * Returns the choice of the first node, in the order of the list, that can take the request.
     *
     * <p>With {@linkplain io.lb4j.Endpoint#maxInFlight() a limit} on each endpoint it fills one after the other, so that
     * the last ones can be switched off. Source: {@code first} of HAProxy.
     *
     * @return the algorithm
     */
    public static Balancer first() {
        return First.INSTANCE;
    }
}
