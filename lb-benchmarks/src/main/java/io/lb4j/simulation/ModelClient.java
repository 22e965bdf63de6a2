package io.lb4j.simulation;

import io.lb4j.LoadReport;
import io.lb4j.Outcome;
import io.lb4j.Ticker;
import org.jspecify.annotations.Nullable;

/** A client that chooses by a model of somebody else's policy. */
final class ModelClient implements Client {
    private static final int REDRAWS = 8;

    private final PolicyModel model;
    private final Fleet fleet;
    private final Timeline timeline;
    private final Ticker clock;
    private final boolean reportsLoad;

    ModelClient(PolicyModel model, Fleet fleet, Timeline timeline, Ticker clock, boolean reportsLoad) {
        this.model = model;
        this.fleet = fleet;
        this.timeline = timeline;
        this.clock = clock;
        this.reportsLoad = reportsLoad;
        fleet.follow(model::members);
    }

    @Override
    public boolean begin(Attempt attempt) {
        long now = clock.nanoTime();
        int chosen = model.choose(now);
        for (int i = 0; i < REDRAWS && chosen >= 0 && attempt.hasTried(chosen); i++) {
            chosen = model.choose(now);
        }
        if (chosen < 0) {
            return false;
        }
        attempt.sendTo(fleet.server(chosen));
        model.sent(chosen, now);
        return true;
    }

    @Override
    public void end(Attempt attempt, Outcome outcome) {
        long now = clock.nanoTime();
        long latency = timeline.now() - attempt.began;
        Server server = attempt.server();
        boolean reports = reportsLoad && outcome != Outcome.TIMED_OUT;
        @Nullable LoadReport report = reports ? server.meter().report(timeline.now(), now) : null;
        model.ended(server.index(), now, latency, outcome, report);
    }

    @Override
    public void close() {}
}
