package io.lb4j.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/** A server: one queue, first come first served, and some workers. It works on what its client has given up, too. */
final class Server {
    private final int index;
    private final int workers;
    private final List<Fault> faults;
    private final Timeline timeline;
    private final Consumer<Attempt> reply;
    private final ArrayDeque<Attempt> queue = new ArrayDeque<>();
    private final LoadMeter meter;
    private int busy;

    Server(int index, int workers, List<Fault> faults, Timeline timeline, Consumer<Attempt> reply) {
        this.index = index;
        this.workers = workers;
        this.faults = List.copyOf(faults);
        this.timeline = timeline;
        this.reply = reply;
        this.meter = new LoadMeter(workers);
    }

    int index() {
        return index;
    }

    /** Requests that it works on or that wait. */
    int load() {
        return busy + queue.size();
    }

    LoadMeter meter() {
        return meter;
    }

    void receive(Attempt attempt) {
        switch (reaction()) {
            case HANG -> {}
            case REFUSE -> {
                attempt.failed = true;
                timeline.after(Fault.REFUSAL_TIME.toNanos(), attempt);
            }
            case SERVE -> serve(attempt);
        }
    }

    private Fault.Reaction reaction() {
        for (int i = 0; i < faults.size(); i++) {
            Fault.Reaction reaction = faults.get(i).reaction(timeline.now());
            if (reaction != Fault.Reaction.SERVE) {
                return reaction;
            }
        }
        return Fault.Reaction.SERVE;
    }

    private void serve(Attempt attempt) {
        if (busy < workers) {
            begin(attempt);
        } else {
            queue.addLast(attempt);
        }
    }

    private void begin(Attempt attempt) {
        double slowdown = 1;
        for (int i = 0; i < faults.size(); i++) {
            slowdown *= faults.get(i).slowdown(timeline.now());
        }
        meter.busy(timeline.now(), ++busy);
        attempt.working = true;
        timeline.after((long) (attempt.demand * slowdown), attempt);
    }

    /** Ends the work on an attempt and takes up the next. */
    void finish(Attempt attempt) {
        if (attempt.working) {
            meter.busy(timeline.now(), --busy);
            attempt.failed = attempt.luck < errorRate();
        }
        meter.answered(timeline.now(), attempt.failed);
        reply.accept(attempt);
        Attempt next = attempt.working ? queue.pollFirst() : null;
        if (next != null) {
            begin(next);
        }
    }

    private double errorRate() {
        double rate = 0;
        for (int i = 0; i < faults.size(); i++) {
            rate = Math.max(rate, faults.get(i).errorRate(timeline.now()));
        }
        return rate;
    }
}
