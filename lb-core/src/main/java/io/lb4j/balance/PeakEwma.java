package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.PeakLatency;
import io.lb4j.RequestContext;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Power of two choices between peak-sensitive averages of latency, over one set of nodes. */
record PeakEwma(Balancer choice, Duration decay, Supplier<? extends RandomGenerator> random) implements Balancer {
    /** What a node costs that is in use and has not answered yet: more than any other. */
    static final double PENALTY = Long.MAX_VALUE >> 16;

    static Balancer of(Duration decay, Supplier<? extends RandomGenerator> random) {
        return new Unprepared("peakEwma", nodes -> over(nodes, decay, random));
    }

    private static Balancer over(NodeSet set, Duration decay, Supplier<? extends RandomGenerator> random) {
        PeakLatency[] peaks = new PeakLatency[set.size()];
        for (int i = 0; i < peaks.length; i++) {
            peaks[i] = set.get(i).peakLatency(decay);
        }
        Balancer choice = PowerOfTwoChoices.of(
                (nodes, i, now) -> cost(peaks[i].look(now), nodes.get(i).inFlight()) / nodes.effectiveWeight(i, now),
                random);
        return new PeakEwma(choice.prepare(set), decay, random);
    }

    static double cost(double latency, int inFlight) {
        return latency == 0 && inFlight != 0 ? PENALTY + inFlight : latency * (inFlight + 1);
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return over(candidates, decay, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        return choice.pick(candidates, request, nowNanos);
    }
}
