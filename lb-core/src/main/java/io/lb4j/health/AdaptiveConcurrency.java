package io.lb4j.health;

import io.lb4j.HealthTracker;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.Outcome;
import java.util.concurrent.locks.ReentrantLock;

/** Limits the requests in flight of each node by what a {@link ConcurrencyLimit} finds out; ejects nobody. */
record AdaptiveConcurrency(ConcurrencyLimit limit) implements HealthTracker {
    @Override
    public NodeHealth track(Node node) {
        return new Limited(node, Checks.given("what start returned", limit.start()));
    }

    private static final class Limited implements NodeHealth {
        private final Node node;
        /** Guarded by {@link #updating}. */
        private final ConcurrencyLimit.Estimate estimate;

        private final ReentrantLock updating = new ReentrantLock();
        /** Written under {@link #updating}. */
        private volatile int limit;

        Limited(Node node, ConcurrencyLimit.Estimate estimate) {
            this.node = node;
            this.estimate = estimate;
            this.limit = estimate.limit();
        }

        @Override
        public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {
            boolean dropped = outcome == Outcome.OVERLOADED || outcome == Outcome.TIMED_OUT;
            if ((!dropped && outcome != Outcome.SUCCESS) || !updating.tryLock()) {
                return; // of two samples at the same instant one is enough
            }
            try {
                estimate.onSample(nowNanos - lease.startNanos(), node.inFlight(), dropped);
                limit = estimate.limit();
            } finally {
                updating.unlock();
            }
        }

        @Override
        public int maxInFlight() {
            return limit;
        }
    }
}
