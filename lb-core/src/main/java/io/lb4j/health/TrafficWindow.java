package io.lb4j.health;

import io.lb4j.HealthTracker.Control;
import io.lb4j.HealthTracker.NodeHealth;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.Outcome;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What happened to the requests of one node of late, and how often that led to an ejection. */
final class TrafficWindow implements NodeHealth {
    private static final long REQUEST = 1;
    private static final long FAILURE = 1L << 32;

    private final Node node;
    private final OutlierDetection settings;
    /** Since the last tick: failures in the high half, requests in the low; atomic. */
    private final AtomicLong counts = new AtomicLong();
    /** Ejections not yet taken off again; atomic, since trials fail on callers' threads. */
    private final AtomicInteger ejections = new AtomicInteger();
    /** Decaying sums; confined to the tick, as is all below. */
    private double requests;

    private double failures;
    private long rolledAt;
    private long healthySince;
    private boolean rolled;
    private boolean failing;

    TrafficWindow(Node node, OutlierDetection settings) {
        this.node = node;
        this.settings = settings;
    }

    @Override
    public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {
        if (outcome == Outcome.CANCELLED) {
            return;
        }
        counts.getAndAdd(outcome.isFailure() ? FAILURE + REQUEST : REQUEST);
        if (!lease.isTrial()) {
            return;
        } else if (outcome.isFailure()) {
            eject("trial ended " + outcome, control);
        } else {
            control.restore(node, "trial succeeded");
        }
    }

    void eject(String reason, Control control) {
        if (control.eject(node, settings.ejection(ejections.get() + 1), reason)) {
            ejections.incrementAndGet();
        }
    }

    /** Takes in what came since the last tick; false if the node is ejected and not to be judged. */
    boolean roll(long now) {
        long added = counts.getAndSet(0);
        double kept = rolled ? Math.exp(-(double) (now - rolledAt) / settings.windowNanos) : 0;
        boolean ejected = node.isEjected();
        if (ejected || !rolled) {
            healthySince = now;
        }
        rolled = true;
        rolledAt = now;
        requests = ejected ? 0 : requests * kept + (int) added;
        failing = added >>> 32 != 0;
        failures = ejected ? 0 : failures * kept + (added >>> 32);
        forgive(now);
        return !ejected;
    }

    private void forgive(long now) {
        if (now - healthySince >= settings.windowNanos) {
            healthySince = now;
            ejections.updateAndGet(count -> Math.max(0, count - 1));
        }
    }

    NodeTraffic traffic(long now) {
        double rate = requests == 0 ? 0 : Math.min(1, failures / requests);
        return new NodeTraffic(node, requests, rate, failing, node.latencyNanos(now));
    }
}
