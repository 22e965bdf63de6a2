package io.lb4j.simulation;

import io.lb4j.Outcome;
import java.util.List;
import java.util.random.RandomGenerator;

/** What happens between clients and servers: requests arrive at clients, travel, come back, time out, are repeated. */
final class Caller implements Runnable {
    private final Simulation plan;
    private final Timeline timeline;
    private final Recording recording;
    private final RandomGenerator arrivals;
    private final RandomGenerator serviceTimes;
    private final RandomGenerator luck;
    private final RandomGenerator retries;
    private final Lane<Attempt> there;
    private final Lane<Attempt> back;
    private final Lane<Attempt> patience;
    private List<Client> clients = List.of();

    Caller(Simulation plan, Timeline timeline, Streams streams, Recording recording) {
        this.plan = plan;
        this.timeline = timeline;
        this.recording = recording;
        this.arrivals = streams.arrivals();
        this.serviceTimes = streams.serviceTimes();
        this.luck = streams.luck();
        this.retries = streams.retries();
        this.there =
                timeline.lane(plan.networkNanos(), attempt -> attempt.server().receive(attempt));
        this.back = timeline.lane(plan.networkNanos(), this::answered);
        this.patience = timeline.lane(plan.timeoutNanos(), this::timedOut);
    }

    void start(List<Client> all) {
        clients = all;
        arriveLater();
    }

    private void arriveLater() {
        double batchesPerNano = plan.requestsPerSecond() / plan.burst() / 1e9;
        long gap = (long) (-StrictMath.log(1 - arrivals.nextDouble()) / batchesPerNano);
        if (timeline.now() + gap < plan.measured().to()) {
            timeline.after(gap, this);
        }
    }

    /** Requests arrive, each at a random client. */
    @Override
    public void run() {
        for (int i = 0; i < plan.burst(); i++) {
            Client client = clients.get(arrivals.nextInt(clients.size()));
            double demand = plan.serviceTime().draw(serviceTimes);
            send(new Attempt(client, timeline.now(), demand, luck.nextDouble(), plan.retries() > 0));
        }
        arriveLater();
    }

    private void send(Attempt attempt) {
        if (!attempt.client.begin(attempt)) {
            record(attempt, false);
            return;
        }
        patience.add(timeline.now(), attempt);
        there.add(timeline.now(), attempt);
    }

    /** A server's answer sets out. */
    void reply(Attempt attempt) {
        back.add(timeline.now(), attempt);
    }

    private void answered(Attempt attempt) {
        settle(attempt, attempt.failed ? Outcome.FAILURE : Outcome.SUCCESS);
    }

    private void timedOut(Attempt attempt) {
        settle(attempt, Outcome.TIMED_OUT);
    }

    private void settle(Attempt attempt, Outcome outcome) {
        if (attempt.settled) {
            return;
        }
        attempt.settled = true;
        attempt.client.end(attempt, outcome);
        if (outcome == Outcome.SUCCESS || attempt.earlier() >= plan.retries()) {
            record(attempt, outcome == Outcome.SUCCESS);
        } else {
            boolean onceMore = attempt.earlier() + 1 < plan.retries();
            send(attempt.again(timeline.now(), retries.nextDouble(), onceMore));
        }
    }

    private void record(Attempt attempt, boolean ok) {
        recording.add(attempt.requested, timeline.now() - attempt.requested, attempt.firstServer(), ok);
    }
}
