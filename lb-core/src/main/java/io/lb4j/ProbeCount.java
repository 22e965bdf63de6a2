package io.lb4j;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** Counts the results of one node's checks in a row, and sets its flags; confined to the Roster. */
final class ProbeCount {
    private static final int MOST_DOUBLINGS = 30;

    private final Node node;
    private final HealthProbe.Schedule schedule;
    private int fails;
    private int passes;
    private int failsWhileDown;

    ProbeCount(Node node, HealthProbe.Schedule schedule) {
        this.node = node;
        this.schedule = schedule;
    }

    /** Takes the result of a finished check; true if the node's state is another one now. */
    boolean take(ProbeRun finished) {
        try {
            return passed(finished.get());
        } catch (CancellationException | InterruptedException e) {
            return failed("cancelled");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message = cause.getMessage();
            return failed(cause.getClass().getSimpleName() + (message == null ? "" : ": " + message));
        }
    }

    private boolean passed(HealthProbe.Verdict verdict) {
        fails = 0;
        failsWhileDown = 0;
        passes++;
        boolean first = node.has(Node.CHECKING);
        boolean flipped = node.flag(Node.DEGRADED, verdict == HealthProbe.Verdict.DEGRADED, "check says " + verdict);
        flipped |= node.flag(Node.CHECKING, false, "first check passed");
        if (first || passes >= schedule.passes()) {
            flipped |= node.flag(Node.DOWN, false, "checks passed");
        }
        return flipped;
    }

    /** Counts a failed check; true if the node's state is another one now. */
    boolean failed(String why) {
        passes = 0;
        fails++;
        failsWhileDown += node.has(Node.DOWN) ? 1 : 0;
        boolean first = node.flag(Node.CHECKING, false, "first check failed");
        boolean flipped = first;
        if (first || fails >= schedule.fails()) {
            flipped |= node.flag(Node.DOWN, true, "check failed: " + why);
        }
        return flipped;
    }

    boolean passedLast() {
        return passes > 0;
    }

    /** From the start of the last check to that of the next, without jitter. */
    long intervalNanos() {
        long usual = schedule.interval().toNanos();
        boolean down = node.has(Node.DOWN);
        if (down ? passes > 0 : fails > 0) {
            return schedule.changingInterval().toNanos();
        }
        if (!down) {
            return usual;
        }
        double longest = (double) Math.max(usual, schedule.downInterval().toNanos());
        return (long) Math.min(longest, Math.scalb((double) usual, Math.min(MOST_DOUBLINGS, failsWhileDown)));
    }
}
