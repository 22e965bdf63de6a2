package io.lb4j;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a node measures, and the estimates made from it: the cost half of LETA (least estimated time, adaptive).
 *
 * <p>In-flight counters are exact. Averages are racy on purpose: two reports at once may lose one sample. The cached
 * cost makes a pick a scan over one number per node.
 */
@SuppressWarnings("unused") // Error Prone does not see what a VarHandle reads
abstract sealed class NodeMetrics permits Node {
    private static final double SAMPLE_WEIGHT = 1 / 16.0;
    private static final double FIRST_SAMPLE_WEIGHT = 0.3;
    private static final double PER_IDLE_NANO = 1 / 5e9;
    private static final double UNKNOWN_LATENCY_NANOS = 1e6;
    private static final double FAILURE_WEIGHT = 0.1;
    private static final double FAILURE_DECAY_NANOS = 10e9;
    private static final double FAILURE_FLOOR = 0.1;
    private static final double FAILURE_CAP = 0.3;
    private static final double FAILURE_PRESSURE = 100;
    private static final double DENORMAL = 1e-12;

    private static final VarHandle WAIT = handle("wait", long.class);
    private static final VarHandle IN_FLIGHT = handle("inFlight", int.class);
    private static final VarHandle COST = handle("cost", double.class);
    private static final VarHandle ESTIMATE = handle("estimate", double.class);
    private static final VarHandle LATENCY = handle("latency", double.class);
    private static final VarHandle LATENCY_AT = handle("latencyAt", long.class);
    private static final VarHandle FAILURE = handle("failure", double.class);
    private static final VarHandle FAILURE_AT = handle("failureAt", long.class);

    final Pool pool;
    private final PoolAverages averages;
    /** Sum of the start times of unreported leases (high 48 bits, modulo 2^48) and their number (low 16); atomic. */
    private volatile long wait;
    /** Leases not closed; atomic and exact. */
    private volatile int inFlight;
    /** Written by the Roster when the endpoint changes. */
    private volatile int maxInFlight = Endpoint.MOST_IN_FLIGHT;
    /** {@code estimate * (inFlight + 1)} as of the last change; opaque and racy. */
    private double cost;
    /** What one request would take, with failures and slow start in it, as of the last refresh; opaque and racy. */
    private double estimate;
    /** Average latency in nanoseconds, 0 = unknown; opaque and racy, as is its time. */
    private double latency;

    private long latencyAt;
    /** Average of failures, 0 to 1; opaque and racy, as is its time. */
    private double failure;

    private long failureAt;
    /** Null until an algorithm asks for it; replaced only by one with another decay. */
    private volatile @Nullable PeakLatency peakLatency;

    private final ByteCount bytes = new ByteCount();
    /** Start of the slow-start ramp; written by the Roster before {@link #ramping}, and by restore. */
    private volatile long rampFrom;
    /** Whether the ramp may still run; saves the arithmetic for all other nodes. */
    private volatile boolean ramping;

    NodeMetrics(Pool pool) {
        this.pool = pool;
        this.averages = pool.averages;
        this.estimate = UNKNOWN_LATENCY_NANOS;
        this.cost = UNKNOWN_LATENCY_NANOS;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(NodeMetrics.class, field, type)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // ------------------------------------------------------------------------------------------ in flight

    /** Takes a slot; false if all are taken. */
    final boolean begin(long now) {
        int before = takeSlot(maxInFlight());
        if (before < 0) {
            return false;
        }
        long ignored = (long) WAIT.getAndAdd(this, (now << 16) + 1);
        COST.setOpaque(this, (double) ESTIMATE.getOpaque(this) * (before + 2));
        return true;
    }

    /** How many slots were taken before, or -1 if none was free. */
    private int takeSlot(int limit) {
        if (limit == Endpoint.MOST_IN_FLIGHT) {
            int before = (int) IN_FLIGHT.getAndAdd(this, 1);
            if (before < limit) {
                return before;
            }
            int ignored = (int) IN_FLIGHT.getAndAdd(this, -1);
            return -1;
        }
        while (true) { // add and undo would let a passing overshoot turn away a request that has room
            int before = inFlight;
            if (before >= limit) {
                return -1;
            }
            if (IN_FLIGHT.compareAndSet(this, before, before + 1)) {
                return before;
            }
        }
    }

    /** The lease that began at {@code start} waits for its answer no longer. */
    final void answered(long start) {
        long ignored = (long) WAIT.getAndAdd(this, -((start << 16) + 1));
    }

    /** Gives a slot back; returns how many are still taken. */
    final int end() {
        int left = (int) IN_FLIGHT.getAndAdd(this, -1) - 1;
        COST.setOpaque(this, (double) ESTIMATE.getOpaque(this) * (left + 1));
        return left;
    }

    /**
     * Returns how many leases are not closed.
     *
     * @return 0 to {@link Endpoint#MOST_IN_FLIGHT}
     */
    public final int inFlight() {
        return inFlight;
    }

    final boolean isFull() {
        return inFlight >= maxInFlight();
    }

    /**
     * Returns how many leases may be open at once: by the endpoint's description and by the health tracker.
     *
     * @return 1 to {@link Endpoint#MOST_IN_FLIGHT}
     */
    public final int maxInFlight() {
        return Math.min(maxInFlight, adaptiveLimit());
    }

    /** How many leases may be open by what the health tracker has found out, at least 1. */
    abstract int adaptiveLimit();

    final void maxInFlight(int limit) {
        maxInFlight = limit;
    }

    // ------------------------------------------------------------------------------------------ recording

    /** Takes a lease's outcome into the averages; the caller has called {@link #answered}. */
    final void record(Outcome outcome, long latencyNanos, long now, boolean trial) {
        boolean ok = outcome == Outcome.SUCCESS;
        if (ok || outcome.isFailure()) {
            recordFailure(!ok, now);
        }
        double sample = Math.max(1, latencyNanos);
        recordLatency(ok, sample, now);
        PeakLatency peaks = peakLatency;
        if (peaks != null) { // a fast failure is no reason to come back
            peaks.record(ok, outcome.isFailure() ? Math.max(sample, averages.latency()) : sample, now);
        }
        if (ok) {
            averages.recordLatency(sample);
            if (trial) { // what was measured before the ejection says nothing about the node as it is now
                LATENCY.setOpaque(this, Math.max(sample, averages.latency()));
            }
        }
        refreshExpectedCost(now);
    }

    /** Counts one attempt as failed or not, and leaves the latency alone. */
    final void recordFailure(boolean failed, long now) {
        averages.recordFailure(failed);
        double before = (double) FAILURE.getOpaque(this);
        if (!failed && before == 0) {
            return;
        }
        double decayed = failureRate(now);
        FAILURE.setOpaque(this, withoutDenormals(decayed + ((failed ? 1 : 0) - decayed) * FAILURE_WEIGHT));
        FAILURE_AT.setOpaque(this, now);
    }

    /** A failure or a cancelled wait may raise the average, never lower it: the node took at least that long. */
    private void recordLatency(boolean ok, double sample, long now) {
        double known = (double) LATENCY.getOpaque(this);
        double mean = averages.latency();
        if (!ok && sample <= (known != 0 ? known : mean != 0 ? mean : UNKNOWN_LATENCY_NANOS)) {
            return;
        }
        double base = mean != 0 ? mean : sample;
        double current = known == 0 ? base : relaxed(known, base, now - (long) LATENCY_AT.getOpaque(this));
        double weight = known == 0 ? FIRST_SAMPLE_WEIGHT : SAMPLE_WEIGHT;
        LATENCY.setOpaque(this, current + weight * (sample - current));
        LATENCY_AT.setOpaque(this, now);
    }

    final void transferred(long sent, long received, long now) {
        bytes.add(sent + received, now);
    }

    /** Averages below this are 0: arithmetic with denormal numbers is many times slower. */
    static double withoutDenormals(double value) {
        return value < DENORMAL ? 0 : value;
    }

    // ------------------------------------------------------------------------------------------ estimates

    /**
     * Estimates how long the next answer would take.
     *
     * <p>The average of the node, which drifts to that of the pool while the node is idle; that of the pool for a node
     * without samples; and never less than the mean age of the requests that wait for an answer, so that a hanging
     * node is noticed before anything has failed. The sum of ages holds 140,000 s (1,000 requests for 140 s each).
     *
     * @param nowNanos the time now
     * @return nanoseconds, more than 0
     */
    public final double latencyNanos(long nowNanos) {
        double mean = averages.latency();
        double base = mean > 0 ? mean : UNKNOWN_LATENCY_NANOS;
        double known = (double) LATENCY.getOpaque(this);
        double estimated = known == 0 ? base : relaxed(known, base, nowNanos - (long) LATENCY_AT.getOpaque(this));
        long word = wait;
        long waiting = word & 0xFFFF;
        long ages = (((waiting * nowNanos) << 16) - (word - waiting)) >> 16;
        return ages <= estimated * waiting ? estimated : (double) ages / waiting; // seldom divides
    }

    private static double relaxed(double known, double base, long idleNanos) {
        if (idleNanos <= 0 || known <= base) { // in this order: chance decides the second
            return known;
        }
        double x = idleNanos * PER_IDLE_NANO;
        return base + (known - base) / (1 + x * (1 + x));
    }

    /**
     * Returns the peak-sensitive average of latencies. It is measured from the first call on, beginning with the average
     * there is, and begins again when it is asked for with another decay.
     *
     * @param decay after which time a sample counts 1/e, more than 0
     * @return the average, the same object in each call
     */
    public final PeakLatency peakLatency(Duration decay) {
        long nanos = Checks.positiveNanos("decay", decay);
        PeakLatency known = peakLatency;
        if (known == null || known.decayNanos() != nanos) {
            known = new PeakLatency(nanos, (double) LATENCY.getOpaque(this), pool.ticker.nanoTime());
            peakLatency = known;
        }
        return known;
    }

    /**
     * Returns the recent part of attempts that failed.
     *
     * @param nowNanos the time now
     * @return 0 to 1; decays while nothing is reported
     */
    public final double failureRate(long nowNanos) {
        double known = (double) FAILURE.getOpaque(this);
        return known == 0 ? 0 : known / (1 + (nowNanos - (long) FAILURE_AT.getOpaque(this)) / FAILURE_DECAY_NANOS);
    }

    /** How much failures beyond those of the whole pool make the node dearer; 1 = not at all. */
    private double failurePressure(long now) {
        double rate = failureRate(now);
        if (rate == 0) {
            return 1;
        }
        double tolerated = Math.max(FAILURE_FLOOR, Math.min(FAILURE_CAP, 3 * averages.failureRate()));
        return rate > tolerated ? 1 + FAILURE_PRESSURE * (rate - tolerated) : 1;
    }

    /**
     * Computes the expected cost of one more request now: {@code latencyNanos * (inFlight + 1)}, more if the node fails
     * more than the pool, more during slow start. The weight is not in it.
     *
     * @param nowNanos the time now
     * @return nanoseconds, more than 0
     */
    public final double expectedCost(long nowNanos) {
        return estimate(nowNanos) * (inFlight + 1);
    }

    private double estimate(long now) {
        double cost = latencyNanos(now) * failurePressure(now);
        return ramping ? cost / slowStart(now) : cost;
    }

    /**
     * Returns the expected cost as of the last acquire, report or close on this node, or the last refresh.
     *
     * <p>An algorithm that scans all nodes reads this, and refreshes all nodes from time to time, since the cost of a
     * node changes with time alone.
     *
     * @return nanoseconds, more than 0
     */
    public final double expectedCost() {
        return (double) COST.getOpaque(this);
    }

    /**
     * Brings {@link #expectedCost()} up to date.
     *
     * @param nowNanos the time now
     */
    public final void refreshExpectedCost(long nowNanos) {
        double now = estimate(nowNanos);
        ESTIMATE.setOpaque(this, now);
        COST.setOpaque(this, now * (inFlight + 1));
    }

    /**
     * Returns the bytes sent to and received from the node since this client knows it.
     *
     * @return a count
     */
    public final long bytes() {
        return bytes.total();
    }

    /**
     * Returns the recent rate of bytes both ways.
     *
     * @param nowNanos the time now
     * @return bytes per second, averaged over about 10 s
     */
    public final double bytesPerSecond(long nowNanos) {
        return bytes.perNano(nowNanos) * 1e9;
    }

    // ------------------------------------------------------------------------------------------ slow start

    /** Starts the ramp as if it had begun so that {@code done} of it, 0 to 1, is over. */
    final void ramp(long now, double done) {
        if (pool.rampNanos > 0) {
            rampFrom = now - (long) (pool.rampNanos * done);
            ramping = true;
            pool.rampUntil(rampFrom + pool.rampNanos);
        }
        refreshExpectedCost(now);
    }

    /** Whether the ramp runs; ends it when its time is up. */
    final boolean isRamping(long now) {
        long from = rampFrom;
        if (ramping && now - from >= pool.rampNanos) {
            ramping = false;
            ramping = rampFrom != from; // another ramp may have begun meanwhile
        }
        return ramping;
    }

    /** The factor on the weight: 1, or less during slow start. */
    final double slowStart(long now) {
        if (!ramping) {
            return 1;
        }
        long elapsed = now - rampFrom;
        if (elapsed < 0 || elapsed >= pool.rampNanos) {
            return 1;
        }
        double done = (double) elapsed / pool.rampNanos;
        double exponent = pool.rampExponent;
        return Math.max(pool.rampLeast, exponent == 1 ? done : Math.pow(done, exponent));
    }

    /** What failed before the node was taken back counts half. */
    final void forgiveHalf() {
        FAILURE.setOpaque(this, (double) FAILURE.getOpaque(this) * 0.5);
    }
}
