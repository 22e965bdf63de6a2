package io.lb4j.simulation.models;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.simulation.PolicyModel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** P2C least request (Envoy, gRPC, Finagle least loaded): of two servers the one with fewer own requests in flight. */
final class LeastRequestTwoChoices implements PolicyModel {
    private final TwoChoices choices;
    private final int[] inFlight;

    LeastRequestTwoChoices(int servers, RandomGenerator random) {
        this.choices = new TwoChoices(random);
        this.inFlight = new int[servers];
    }

    @Override
    public void members(int[] servers) {
        choices.members(servers);
    }

    @Override
    public int choose(long now) {
        if (!choices.draw()) {
            return -1;
        }
        return inFlight[choices.first()] <= inFlight[choices.second()] ? choices.first() : choices.second();
    }

    @Override
    public void sent(int server, long now) {
        inFlight[server]++;
    }

    @Override
    public void ended(int server, long now, long latencyNanos, Outcome outcome, @Nullable LoadReport report) {
        inFlight[server]--;
    }
}
