package io.lb4j;

import java.time.Duration;

/** Passes events on to the user's listener; an exception is logged and goes no further. */
record ContainedListener(LoadBalancerListener listener) implements LoadBalancerListener {
    private void contain(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            Pool.contained("a listener", e);
        }
    }

    @Override
    public void leaseAcquired(Lease lease) {
        try { // not through contain: the hot path allocates no lambda
            listener.leaseAcquired(lease);
        } catch (Throwable e) {
            Pool.contained("a listener", e);
        }
    }

    @Override
    public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
        try {
            listener.leaseReported(lease, outcome, latencyNanos);
        } catch (Throwable e) {
            Pool.contained("a listener", e);
        }
    }

    @Override
    public void leaseClosed(Lease lease) {
        try {
            listener.leaseClosed(lease);
        } catch (Throwable e) {
            Pool.contained("a listener", e);
        }
    }

    @Override
    public void nodeAdded(Node node) {
        contain(() -> listener.nodeAdded(node));
    }

    @Override
    public void nodeRemoved(Node node) {
        contain(() -> listener.nodeRemoved(node));
    }

    @Override
    public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
        contain(() -> listener.stateChanged(node, from, to, reason));
    }

    @Override
    public void ejected(Node node, Duration duration, String reason) {
        contain(() -> listener.ejected(node, duration, reason));
    }

    @Override
    public void panicChanged(boolean panic) {
        contain(() -> listener.panicChanged(panic));
    }

    @Override
    public void sourceFailed(Throwable cause) {
        contain(() -> listener.sourceFailed(cause));
    }
}
