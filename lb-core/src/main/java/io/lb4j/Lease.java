package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * One attempt in flight on an endpoint.
 *
 * <p>{@code report} says how it went, {@code close} gives the slot back. Each counts once, from any thread; what comes
 * later is ignored. The latency ends at the report, for instance at the response headers; the node counts as busy until
 * the close, for instance the end of the body. A lease closed without a report was cancelled.
 *
 * <pre>{@code
 * try (Lease lease = orders.acquire(RequestContext.none())) {
 *     call(lease.endpoint());
 *     lease.report(Outcome.SUCCESS);
 * }
 * }</pre>
 */
public sealed class Lease implements AutoCloseable permits SessionLease {
    /** The longest time for which a server's word takes it out: a wrong {@code Retry-After} must not last. */
    public static final Duration LONGEST_OVERLOAD = Duration.ofSeconds(60);

    static final int TRIAL = 1;
    private static final int REPORTED = 1 << 1;
    private static final int SUCCEEDED = 1 << 2;
    private static final int BROKEN = 1 << 3;
    private static final int CLOSED = 1 << 4;
    /** A trial whose place another one has taken fails just now; set for as long as that is reported. */
    private static final int LATE_FAILURE = 1 << 6;
    /** The health tracker was not asked for this lease, so nothing is to be given back to it. */
    static final int UNASKED = 1 << 5;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Lease.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Node node;
    /** When it began, by the pool's ticker. */
    private final long start;
    /** The bits above; each is set once, atomically. */
    private volatile int state;

    Lease(Node node, long start, int state) {
        this.node = node;
        this.start = start;
        STATE.set(this, state); // published by the caller's own means; a volatile write would cost a fence
    }

    /** Tells the listener; the end of every way to make a lease. */
    static Lease opened(Lease lease) {
        LoadBalancerListener listener = lease.node.pool.listener;
        if (listener != null) {
            listener.leaseAcquired(lease);
        }
        return lease;
    }

    /**
     * Returns where to go.
     *
     * @return the endpoint as it is described now
     */
    public final Endpoint endpoint() {
        return node.endpoint();
    }

    /**
     * Returns the node.
     *
     * @return the node
     */
    public final Node node() {
        return node;
    }

    /**
     * Returns when the lease was acquired.
     *
     * @return the time by the clock of the LoadBalancer, in nanoseconds
     */
    public final long startNanos() {
        return start;
    }

    /**
     * Tells whether this attempt decides if an ejected node comes back.
     *
     * @return true for a half-open trial, until another one takes its place because this one takes too long; after that,
     *     while its failure is reported if the node is still half-open
     */
    public final boolean isTrial() {
        int bits = state;
        return (bits & TRIAL) != 0 && ((bits & LATE_FAILURE) != 0 || node.isLastTrial(start));
    }

    /**
     * Tells whether a success binds the session of the request to this node.
     *
     * @return false if the request has no session, or is on a detour from a node that keeps it
     */
    public final boolean bindsSession() {
        return this instanceof SessionLease;
    }

    /**
     * Says how it went; the latency is the time since the lease was acquired.
     *
     * @param outcome how it went
     * @return false if that was said before, or the lease is closed
     */
    public final boolean report(Outcome outcome) {
        Checks.notNull("outcome", outcome);
        if (!markReported(outcome)) {
            return false;
        }
        long now = node.pool.ticker.nanoTime();
        settle(outcome, now - start, now);
        return true;
    }

    /**
     * Says how it went, with a latency measured by the caller.
     *
     * @param outcome how it went
     * @param latencyNanos at least 0
     * @return false if that was said before, or the lease is closed
     */
    public final boolean report(Outcome outcome, long latencyNanos) {
        Checks.notNull("outcome", outcome);
        if (latencyNanos < 0) {
            throw Checks.bad("latencyNanos", latencyNanos, ">= 0");
        }
        if (!markReported(outcome)) {
            return false;
        }
        settle(outcome, latencyNanos, node.pool.ticker.nanoTime());
        return true;
    }

    /**
     * Says that the endpoint is overloaded, and for how long it wants no requests.
     *
     * @param retryAfter how long, more than 0; capped at {@link #LONGEST_OVERLOAD}
     * @return false if an outcome was said before, or the lease is closed
     */
    public final boolean overloaded(Duration retryAfter) {
        Checks.positiveNanos("retryAfter", retryAfter);
        if (!report(Outcome.OVERLOADED)) {
            return false;
        }
        boolean ignored = rest(retryAfter, "overloaded");
        return true;
    }

    /**
     * Says that the endpoint asked for a pause, whatever the outcome: it gets no new requests for a time, and nothing is
     * held against it.
     *
     * @param duration how long, more than 0; capped at {@link #LONGEST_OVERLOAD}
     * @param why what it said, in words for people
     * @return false if that was refused because too few nodes would be left
     */
    public final boolean rest(Duration duration, String why) {
        Checks.positiveNanos("duration", duration);
        Duration capped = duration.compareTo(LONGEST_OVERLOAD) > 0 ? LONGEST_OVERLOAD : duration;
        return node.pool.control.eject(node, capped, Checks.notNull("why", why) + " for " + capped.toMillis() + " ms");
    }

    /**
     * Says that an attempt broke after its success was reported, for instance a body cut short: counts a failure and
     * leaves the latency alone. Without a reported success, or a second time, it does nothing.
     *
     * @param outcome what broke it; must be a {@linkplain Outcome#isFailure() failure}
     */
    public final void broken(Outcome outcome) {
        if (!Checks.notNull("outcome", outcome).isFailure()) {
            throw Checks.bad("outcome", outcome, "a failure");
        }
        if ((state & SUCCEEDED) == 0 || !mark(BROKEN, BROKEN)) {
            return;
        }
        long now = node.pool.ticker.nanoTime();
        node.recordFailure(true, now);
        node.refreshExpectedCost(now);
        tellTracker(outcome, now);
    }

    /**
     * Counts bytes; may be called as often as they come.
     *
     * @param sent bytes sent to the endpoint, at least 0
     * @param received bytes received from it, at least 0
     */
    public final void transferred(long sent, long received) {
        if (sent < 0 || received < 0) {
            throw Checks.bad("transferred", sent + ", " + received, ">= 0");
        }
        node.transferred(sent, received, node.pool.ticker.nanoTime());
    }

    /** Gives the slot back; more calls do nothing. Without a report before, the attempt was cancelled. */
    @Override
    public final void close() {
        int before = (int) STATE.getAndBitwiseOr(this, CLOSED | REPORTED);
        if ((before & CLOSED) != 0) {
            return;
        }
        if ((before & REPORTED) == 0) {
            long now = node.pool.ticker.nanoTime();
            settle(Outcome.CANCELLED, now - start, now);
        }
        if ((before & TRIAL) != 0) {
            node.endTrial(start);
        }
        release((before & UNASKED) == 0);
    }

    private void release(boolean admitted) {
        Pool pool = node.pool;
        node.end();
        if (pool.bulkhead != null) {
            pool.bulkhead.leave();
        }
        if (admitted) {
            giveBack();
        }
        if (pool.listener != null) {
            pool.listener.leaseClosed(this);
        }
        if (pool.waiting.get() != 0 || node.has(Node.ORDERED_DRAIN)) {
            pool.releases.released(node);
        }
    }

    private void giveBack() {
        try {
            node.health().onReleased();
        } catch (Throwable e) {
            Pool.contained("a health tracker", e);
        }
    }

    /** Sets bits, unless {@code once} is set already. */
    private boolean mark(int once, int bits) {
        int before = state;
        while ((before & once) == 0) {
            if (STATE.compareAndSet(this, before, before | bits)) {
                return true;
            }
            before = state;
        }
        return false;
    }

    private boolean markReported(Outcome outcome) {
        return mark(REPORTED, outcome == Outcome.SUCCESS ? REPORTED | SUCCEEDED : REPORTED);
    }

    private void settle(Outcome outcome, long latencyNanos, long now) {
        if ((state & TRIAL) != 0 && outcome.isFailure() && !isTrial() && node.isHalfOpen()) {
            settleLateFailure(outcome, latencyNanos, now);
        } else {
            settle(outcome, latencyNanos, now, isTrial());
        }
    }

    /** Else a server that hangs for longer than an ejection would never fail a trial. */
    private void settleLateFailure(Outcome outcome, long latencyNanos, long now) {
        int ignored = (int) STATE.getAndBitwiseOr(this, LATE_FAILURE);
        settle(outcome, latencyNanos, now, true);
        ignored = (int) STATE.getAndBitwiseAnd(this, ~LATE_FAILURE);
    }

    private void settle(Outcome outcome, long latencyNanos, long now, boolean trial) {
        node.answered(start);
        node.record(outcome, latencyNanos, now, trial);
        tellTracker(outcome, now);
        if (trial) {
            decideTrial(outcome, now);
        }
        if (outcome == Outcome.SUCCESS && this instanceof SessionLease session) {
            session.bind(now);
        }
        LoadBalancerListener listener = node.pool.listener;
        if (listener != null) {
            listener.leaseReported(this, outcome, latencyNanos);
        }
    }

    /** For trackers that leave trials alone: a node must neither stay out for ever nor be tried without a pause. */
    private void decideTrial(Outcome outcome, long now) {
        boolean decided = !node.isEjected() || now - node.ejectedUntil() < 0;
        if (decided || node.health().wantsMoreTrials()) {
            return;
        } else if (outcome == Outcome.SUCCESS) {
            node.pool.control.restore(node, "trial succeeded");
        } else if (outcome.isFailure()) {
            node.pool.control.eject(node, Duration.ofNanos(node.trialHold()), "trial ended " + outcome);
        }
    }

    private void tellTracker(Outcome outcome, long now) {
        try {
            node.health().onReport(this, outcome, now, node.pool.control);
        } catch (Throwable e) {
            Pool.contained("a health tracker", e);
        }
    }
}
