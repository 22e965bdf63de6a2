package io.lb4j.simulation;

import io.lb4j.LoadReport;

/** What a server can say of its own load: rates and utilization of the last whole second, and the slots of now. */
final class LoadMeter {
    private static final long PERIOD = 1_000_000_000L;

    private final int workers;
    private long period;
    private long since;
    private int busy;
    private double busyNanos;
    private int answers;
    private int errors;
    private double utilization;
    private double answersPerSecond;
    private double errorsPerSecond;

    LoadMeter(int workers) {
        this.workers = workers;
    }

    /** From now on so many workers are busy. */
    void busy(long now, int count) {
        advance(now);
        busyNanos += (double) busy * (now - since);
        since = now;
        busy = count;
    }

    void answered(long now, boolean failed) {
        advance(now);
        answers++;
        errors += failed ? 1 : 0;
    }

    private void advance(long now) {
        while (now / PERIOD > period) {
            long end = (period + 1) * PERIOD;
            busyNanos += (double) busy * (end - since);
            since = end;
            utilization = busyNanos / PERIOD / workers;
            answersPerSecond = answers;
            errorsPerSecond = errors;
            busyNanos = 0;
            answers = 0;
            errors = 0;
            period++;
        }
    }

    /** What goes out with an answer that arrives at {@code receivedNanos} by the clock of the client. */
    LoadReport report(long now, long receivedNanos) {
        advance(now);
        int ready = workers - busy;
        return new LoadReport(utilization, 0, answersPerSecond, errorsPerSecond, ready, busy, receivedNanos);
    }
}
