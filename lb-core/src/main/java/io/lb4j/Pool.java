package io.lb4j;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the nodes of one LoadBalancer share; read on the hot path. */
final class Pool {
    private static final System.Logger LOG = System.getLogger("io.lb4j");

    final Ticker ticker;
    final PoolAverages averages = new PoolAverages();
    final Supplier<? extends RandomGenerator> random;
    /** Length of the slow-start ramp, 0 = none, the factor it begins with, and the exponent of its curve. */
    final long rampNanos;

    final double rampLeast;
    final double rampExponent;
    final HealthTracker tracker;
    final HealthTracker.Control control;
    final @Nullable LoadBalancerListener listener;
    final @Nullable StickinessPolicy stickiness;
    final Releases releases;
    /** Is run when a node has changed so that the plan must follow. */
    final Runnable changed;
    /** How many requests wait for a slot; here, and not in the queue, because each close asks. */
    final AtomicInteger waiting = new AtomicInteger();
    /** Limits the service as a whole; null = no limit. */
    final @Nullable Bulkhead bulkhead;

    private final AtomicLong versions = new AtomicLong();
    /** When the last slow start is over; here, because picks that ask each node touch a cache line of each. */
    private final AtomicLong rampsEnd;

    /** Is told when a slot came free that somebody may be waiting for. */
    interface Releases {
        /** A slot of this node came free while it was awaited, or while the node was draining. */
        void released(Node node);

        /** A node refused a request that had its slot for a moment, while slots were awaited. */
        void refused();
    }

    Pool(Settings settings, HealthTracker.Control control, Releases releases, Runnable changed) {
        this.ticker = settings.ticker();
        this.random = settings.random();
        this.rampsEnd = new AtomicLong(ticker.nanoTime());
        this.rampNanos = settings.slowStartNanos();
        this.rampLeast = settings.slowStartLeast();
        this.rampExponent = 1 / settings.slowStartAggression();
        this.tracker = settings.healthTracker();
        this.listener = settings.listener();
        this.stickiness = settings.stickiness();
        this.control = control;
        this.releases = releases;
        this.changed = changed;
        int limit = settings.maxInFlight();
        this.bulkhead = limit == Integer.MAX_VALUE ? null : new Bulkhead(limit);
    }

    private Pool(Ticker ticker) {
        this.ticker = ticker;
        this.random = ThreadLocalRandom::current;
        this.rampsEnd = new AtomicLong(ticker.nanoTime());
        this.rampNanos = 0;
        this.rampLeast = 1;
        this.rampExponent = 1;
        this.tracker = HealthTracker.none();
        this.listener = null;
        this.stickiness = null;
        this.control = Detached.INSTANCE;
        this.releases = Detached.INSTANCE;
        this.changed = () -> {};
        this.bulkhead = null;
        versions.set(ThreadLocalRandom.current().nextLong(1L << 62)); // detached sets may meet those of another pool
    }

    /** A number that no other set of these nodes has. */
    long nextVersion() {
        return versions.incrementAndGet();
    }

    /** A node is in its slow start until then. */
    void rampUntil(long end) {
        long ignored = rampsEnd.accumulateAndGet(end, (one, other) -> one - other > 0 ? one : other);
    }

    /** Whether some node may be in its slow start. */
    boolean hasRamp(long now) {
        return rampNanos > 0 && now - rampsEnd.get() < 0;
    }

    /** A pool that belongs to no LoadBalancer: for tests of algorithms. */
    static Pool detached(Ticker ticker) {
        return new Pool(ticker);
    }

    /** User code failed, with an exception or an error, where the engine's accounts must go on. */
    static void contained(String what, Throwable cause) {
        LOG.log(System.Logger.Level.WARNING, what + " failed", cause);
    }

    private enum Detached implements HealthTracker.Control, Releases {
        INSTANCE;

        @Override
        public boolean eject(Node node, Duration duration, String reason) {
            return false;
        }

        @Override
        public void restore(Node node, String reason) {}

        @Override
        public void released(Node node) {}

        @Override
        public void refused() {}
    }
}
