package io.lb4j.balance;

import io.lb4j.LoadReport;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The weight that a server's reports amount to. Source: gRFC A58.
 *
 * @param value requests per second at full utilization; 0 = nothing reported
 * @param reportedNanos when that was; without a report, the time from which on reports count
 * @param sinceNanos since when reports have come without a long gap
 */
record ReportedWeight(double value, long reportedNanos, long sinceNanos) {
    /** How long reports must have come before they count: a server that has just started reports odd numbers. */
    static final long BLACKOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How long a report counts. */
    static final long EXPIRY_NANOS = TimeUnit.MINUTES.toNanos(3);

    private static final double ERROR_PENALTY = 1;

    /** Knows nothing, and does not listen to reports up to this time. */
    static ReportedWeight unknown(long nowNanos) {
        return new ReportedWeight(0, nowNanos, nowNanos);
    }

    /** With what the last report says, if it is new and says something. */
    ReportedWeight after(@Nullable LoadReport report) {
        if (report == null || report.receivedNanos() - reportedNanos <= 0) {
            return this;
        }
        double reported = of(report, ERROR_PENALTY);
        if (reported == 0) {
            return this;
        }
        long received = report.receivedNanos();
        boolean goesOn = value > 0 && received - reportedNanos < EXPIRY_NANOS;
        return new ReportedWeight(reported, received, goesOn ? sinceNanos : received);
    }

    /** The value, or 0 if it does not count yet or any more. */
    double at(long nowNanos) {
        boolean counts = nowNanos - reportedNanos < EXPIRY_NANOS && nowNanos - sinceNanos >= BLACKOUT_NANOS;
        return counts ? value : 0;
    }

    /** Requests per second by utilization, where errors count as utilization; 0 if either is not reported. */
    static double of(LoadReport report, double errorPenalty) {
        double requests = report.requestsPerSecond();
        double utilization = report.utilization();
        return requests > 0 && utilization > 0
                ? requests / (utilization + report.errorsPerSecond() / requests * errorPenalty)
                : 0;
    }
}
