package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint as this client sees it: what it is, how it is, how busy.
 *
 * <p>Owns all measurement, so switching the algorithm loses nothing; survives every change of its endpoint's
 * description. Thread-safe; reads never lock. Two nodes are equal only if they are the same.
 */
public final class Node extends NodeMetrics {
    /** What a node may be used for, derived from five separate axes: admin, check, verdict, role, slow start. */
    public enum State {
        /** Takes requests. */
        UP,
        /** Takes requests when those that are up do not suffice. */
        DEGRADED,
        /** Not checked yet. */
        CHECKING,
        /** Ejected, but its time is over: one replayable request at a time may try it. */
        HALF_OPEN,
        /** Taken out by the health tracker for a time. */
        EJECTED,
        /** Failed its active checks. */
        DOWN,
        /** No new requests, bound sessions stay. */
        DRAINING,
        /** No requests at all, by order of an operator or after a drain. */
        DISABLED
    }

    /** Disabled by an operator. */
    static final int ORDERED_OUT = 1;
    /** Disabled because a drain has ended. */
    static final int DRAINED = 1 << 1;
    /** Draining by order of an operator. */
    static final int ORDERED_DRAIN = 1 << 2;
    /** Draining because the source of the endpoint wants it. */
    static final int SOURCE_DRAIN = 1 << 3;

    static final int DOWN = 1 << 4;
    static final int EJECTED = 1 << 5;
    static final int CHECKING = 1 << 6;
    static final int DEGRADED = 1 << 7;
    static final int GONE = 1 << 8;

    static final int DISABLED = ORDERED_OUT | DRAINED;
    static final int DRAINING = ORDERED_DRAIN | SOURCE_DRAIN;
    /** What keeps new requests away, unless there is panic. */
    static final int UNUSABLE = DISABLED | DRAINING | DOWN | EJECTED | GONE;
    /** What keeps the requests of a bound session away. */
    static final int UNUSABLE_FOR_SESSION = DISABLED | DOWN | EJECTED | GONE;

    private static final long NO_TRIAL = Long.MIN_VALUE;
    private static final long TRIAL_PATIENCE_NANOS = 5_000_000_000L;
    private static final VarHandle FLAGS;
    private static final VarHandle TRIAL_AT;
    private static final VarHandle TARGET_WEIGHT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FLAGS = lookup.findVarHandle(Node.class, "flags", int.class);
            TRIAL_AT = lookup.findVarHandle(Node.class, "trialAt", long.class);
            TARGET_WEIGHT = lookup.findVarHandle(Node.class, "targetWeight", TargetWeight.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Written by the Roster. */
    private volatile Endpoint endpoint;
    /** The bits above; atomic: the Roster and ejections write them. */
    private volatile int flags;
    /** When the ejection ends; written before the bit EJECTED is set. */
    private volatile long ejectedUntil;
    /** How long an unfinished trial keeps others away; written with {@link #ejectedUntil}. */
    private volatile long trialHold;
    /** When the trial that runs was admitted, or NO_TRIAL; atomic. */
    private volatile long trialAt = NO_TRIAL;
    /** When the trial that began last was admitted; written by whoever claims it. */
    private volatile long lastTrialAt = NO_TRIAL;
    /** Why the flags are as they are; written after them, for people. */
    private volatile String reason = "";
    /** Why the last ejection began; written with {@link #reason}. */
    private volatile String ejectionReason = "";
    /** What the server said last; written by whoever receives it. */
    private volatile @Nullable LoadReport loadReport;
    /** What weight the server asked for last; atomic: set by whoever receives it, cleared by the Roster. */
    private volatile @Nullable TargetWeight targetWeight;
    /** Set once, before the node is published. */
    private HealthTracker.NodeHealth health = (lease, outcome, nowNanos, control) -> {};

    private Node(Pool pool, Endpoint endpoint) {
        super(pool);
        describe(endpoint);
    }

    static Node create(Pool pool, Endpoint endpoint) {
        Node node = new Node(pool, endpoint);
        try {
            node.health = Checks.notNull("NodeHealth", pool.tracker.track(node));
        } catch (Throwable e) { // an endpoint that nobody judges is better than a delivery that is lost
            Pool.contained("a health tracker", e);
        }
        return node;
    }

    /**
     * Returns the description as last delivered.
     *
     * @return the endpoint
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Returns the state, derived from the axes; the one that restricts most wins.
     *
     * @return the state now
     */
    public State state() {
        return state(flags);
    }

    /** The state if the flags were these. */
    State state(int bits) {
        if ((bits & DISABLED) != 0) {
            return State.DISABLED;
        } else if ((bits & DRAINING) != 0) {
            return State.DRAINING;
        } else if ((bits & DOWN) != 0) {
            return State.DOWN;
        } else if ((bits & EJECTED) != 0) {
            return pool.ticker.nanoTime() - ejectedUntil >= 0 ? State.HALF_OPEN : State.EJECTED;
        } else if ((bits & CHECKING) != 0) {
            return State.CHECKING;
        }
        return (bits & DEGRADED) != 0 ? State.DEGRADED : State.UP;
    }

    /**
     * Returns why the node is in its state, in words for people.
     *
     * @return the reason of the last change, empty if there was none
     */
    public String reason() {
        return reason;
    }

    /**
     * Tells whether the health tracker has taken the node out, half-open included.
     *
     * @return true from an ejection until the node is restored
     */
    public boolean isEjected() {
        return has(EJECTED);
    }

    /**
     * Returns what the server said last of its own load.
     *
     * @return the report, null if there is none
     */
    public @Nullable LoadReport loadReport() {
        return loadReport;
    }

    /**
     * Takes what the server says of its own load.
     *
     * @param report the report
     */
    public void loadReport(LoadReport report) {
        loadReport = Checks.notNull("report", report);
    }

    /**
     * Takes the weight that the server asks for; it replaces the configured one until its time is over.
     *
     * <p>An operator's {@link LoadBalancer#reweight} wins. A change is in effect within 100 ms; one of less than 1 % only
     * sets the time anew. If all endpoints that could serve ask for 0, none of them is heeded.
     *
     * @param weight at least 0; 0 = no new requests, but sessions stay
     * @param validity how long that counts unless it is said again, more than 0
     */
    public void targetWeight(double weight, Duration validity) {
        double checked = Checks.notNegative("weight", weight);
        long until = pool.ticker.nanoTime() + Checks.positiveNanos("validity", validity);
        TargetWeight before;
        TargetWeight next;
        do {
            before = targetWeight;
            next = new TargetWeight(before == null ? checked : before.unlessNoise(checked), until);
        } while (!TARGET_WEIGHT.compareAndSet(this, before, next));
        if (before == null || before.weight() != next.weight() || before.until() - until > 0) {
            pool.changed.run();
        }
    }

    /** The configured weight, or the one that the server asks for. */
    double targetWeight() {
        TargetWeight target = targetWeight;
        return target == null ? endpoint.weight() : target.weight();
    }

    /** Drops a target weight whose time is over; true if there was one. */
    boolean expireTargetWeight(long now, Due due) {
        for (TargetWeight target = targetWeight; target != null; target = targetWeight) {
            if (now - target.until() < 0) {
                due.at(target.until());
                return false;
            } else if (TARGET_WEIGHT.compareAndSet(this, target, null)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes a lease on this node whatever its state: for tests, and for own selection.
     *
     * @return a lease
     * @throws NoEndpointAvailableException if the node or the service has as many requests in flight as it may have
     */
    public Lease acquire() {
        long now = pool.ticker.nanoTime();
        Bulkhead bulkhead = pool.bulkhead;
        boolean room = bulkhead == null || bulkhead.enter();
        if (!room || !begin(now)) {
            if (room && bulkhead != null) {
                bulkhead.leave();
            }
            throw new NoEndpointAvailableException(
                    endpoint.id(), NoEndpointAvailableException.Reason.ALL_AT_CAPACITY, "");
        }
        return Lease.opened(new Lease(this, now, Lease.UNASKED));
    }

    @Override
    int adaptiveLimit() {
        return Math.max(1, health.maxInFlight());
    }

    HealthTracker.NodeHealth health() {
        return health;
    }

    int flags() {
        return flags;
    }

    /** Whether any of these bits is set. */
    boolean has(int bits) {
        return (flags & bits) != 0;
    }

    /** Sets or clears a bit; true if that changed it. */
    boolean flag(int bit, boolean on, String why) {
        int before = on ? (int) FLAGS.getAndBitwiseOr(this, bit) : (int) FLAGS.getAndBitwiseAnd(this, ~bit);
        boolean changed = ((before & bit) != 0) != on;
        if (changed) {
            reason = why;
        }
        return changed;
    }

    void describe(Endpoint changed) {
        endpoint = changed;
        maxInFlight(changed.maxInFlight());
        flag(SOURCE_DRAIN, changed.draining(), "as its source wants");
    }

    // ------------------------------------------------------------------------------------------ verdict

    /** Takes the node out, or extends that; ends a trial if it is the one that failed. */
    void eject(long until, long hold, String why) {
        ejectedUntil = until;
        trialHold = hold;
        trialAt = NO_TRIAL;
        lastTrialAt = NO_TRIAL; // a trial that runs decides nothing any more
        int ignored = (int) FLAGS.getAndBitwiseOr(this, EJECTED);
        ejectionReason = why;
        reason = why;
    }

    /** Takes the node back; true if it was out. */
    boolean restore(long now, String why) {
        if (!flag(EJECTED, false, why)) {
            return false;
        }
        trialAt = NO_TRIAL;
        forgiveHalf();
        ramp(now, 0.5);
        return true;
    }

    long ejectedUntil() {
        return ejectedUntil;
    }

    long trialHold() {
        return trialHold;
    }

    boolean isHalfOpen() {
        return has(EJECTED) && pool.ticker.nanoTime() - ejectedUntil >= 0;
    }

    /** Ends the time of an ejection early, so that a trial may begin; true if it was not over. */
    boolean openHalf(long now, String why) {
        if (!has(EJECTED) || ejectedUntil - now <= 0) {
            return false;
        }
        ejectedUntil = now;
        reason = why;
        return true;
    }

    /** The time of an ejection has run out; says so unless something else has been said since it began. */
    void noteHalfOpen() {
        if (reason.equals(ejectionReason)) {
            reason = "its time is over, the next request may try it";
        }
    }

    /** Whether a trial could begin now. */
    boolean awaitsTrial(long now) {
        if (now - ejectedUntil < 0 || !has(EJECTED)) {
            return false;
        }
        long running = trialAt;
        return running == NO_TRIAL || now - running >= trialHold; // a trial that never ended is lost
    }

    /**
     * Whether this request may be the trial: a replayable one, or any if none such has come for a while, since a node
     * that nobody may try would never come back.
     */
    boolean awaitsTrial(RequestContext request, long now) {
        return awaitsTrial(now) && (request.replayable() || now - ejectedUntil >= TRIAL_PATIENCE_NANOS);
    }

    /**
     * Whether this request may be the trial, and nothing but the ejection keeps requests away.
     *
     * @param unusable the flags that keep new requests away by the plan: where all nodes drain, not the draining
     */
    boolean wantsTrial(RequestContext request, long now, int unusable) {
        return awaitsTrial(request, now) && !has((unusable | DOWN) & ~EJECTED);
    }

    /** Claims the one trial of a half-open node. */
    boolean beginTrial(long now) {
        long running = trialAt;
        if (!awaitsTrial(now) || !TRIAL_AT.compareAndSet(this, running, now == NO_TRIAL ? now + 1 : now)) {
            return false;
        }
        lastTrialAt = now; // before the second look: an ejection that comes after it takes this back
        if (!has(EJECTED) || now - ejectedUntil < 0) { // a whole trial began and ended between the look and the claim
            endTrial(now);
            return false;
        }
        return true;
    }

    /** Whether no other trial began after the one of {@code start}, which would then be lost. */
    boolean isLastTrial(long start) {
        return lastTrialAt == start;
    }

    /** Frees the trial that began at {@code start}, unless another has taken its place. */
    void endTrial(long start) {
        boolean ignored = TRIAL_AT.compareAndSet(this, start, NO_TRIAL);
    }

    /** Returns the endpoint's id and the state. */
    @Override
    public String toString() {
        return endpoint.id() + " " + state();
    }
}
