package io.lb4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The control plane of one LoadBalancer and its only writer: takes deliveries, orders, verdicts and the passing of time,
 * and publishes plans.
 *
 * <p>Everything here runs as tasks of one {@link SerialQueue}, so no field needs a guard of its own but those that say
 * so.
 */
final class Roster implements EndpointSource.Listener, Membership.Events {
    private static final System.Logger LOG = System.getLogger("io.lb4j");
    private static final int STEPS_PER_RAMP = 10;
    /** After this time a plan that could not be made is tried again. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SerialQueue queue = new SerialQueue();
    private final Settings settings;
    private final Pool pool;
    private final Acquirer acquirer;
    private final WaitQueue waiters;
    private final Membership membership;
    private final Overrides overrides;
    private final Planner planner;
    private final TickTimer timer;
    private final @Nullable Prober prober;
    private final long trackerInterval;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<Node, Node.State> lastStates = new HashMap<>();

    /** Set by whoever changes a flag, from any thread; cleared by the rebuild. */
    private volatile boolean stale;
    /** Why the last rebuild failed; read by the thread that builds the LoadBalancer. */
    private volatile @Nullable RuntimeException failure;
    /** Read by callers' threads to refuse further use. */
    private volatile boolean closed;

    private long trackerAt;
    /** When the next step of a ramp is due; null while no node ramps. */
    private @Nullable Long rampStepAt;

    private boolean panic;

    /** What the Roster works with; made by the LoadBalancer. */
    record Parts(Pool pool, Acquirer acquirer, WaitQueue waiters, ScheduledExecutorService scheduler) {}

    Roster(Settings settings, Balancer balancer, Parts parts) {
        this.settings = settings;
        this.pool = parts.pool();
        this.acquirer = parts.acquirer();
        this.waiters = parts.waiters();
        this.membership = new Membership(pool, settings, this);
        this.overrides = new Overrides(settings.stickiness() != null);
        this.planner = new Planner(pool, settings, balancer);
        this.timer = new TickTimer(parts.scheduler(), settings.ticker(), this::tick);
        this.trackerInterval =
                Checks.nanos("tickInterval", settings.healthTracker().tickInterval());
        this.trackerAt = settings.ticker().nanoTime() + trackerInterval;
        HealthProbe probe = settings.healthProbe();
        this.prober =
                probe == null ? null : new Prober(settings, probe, parts.scheduler(), this::execute, this::changed);
    }

    CompletableFuture<Void> ready() {
        return ready;
    }

    /** What kept the first endpoints from being prepared, if anything did. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    boolean isClosed() {
        return closed;
    }

    // ------------------------------------------------------------------------------------------ what comes in

    @Override
    public void onEndpoints(List<Endpoint> all) {
        List<Endpoint> copy = List.copyOf(Checks.notNull("endpoints", all));
        execute(() -> {
            if (membership.deliver(copy, now())) {
                rebuild(membership.redescribed());
            }
            tickLater();
        });
    }

    @Override
    public void onError(Throwable cause) {
        Checks.notNull("cause", cause);
        LOG.log(System.Logger.Level.WARNING, settings.name() + ": the endpoint source reports an error", cause);
        execute(() -> tellListener(listener -> listener.sourceFailed(cause)));
    }

    /** Carries out an order on a node, or on the one that has taken its place meanwhile. */
    void order(Node node, BiConsumer<Overrides, Node> order) {
        execute(() -> carryOut(node, order));
    }

    private void carryOut(Node node, BiConsumer<Overrides, Node> order) {
        Node known = membership.find(node.endpoint().id());
        order.accept(overrides, known == null ? node : known);
        if (known == null) {
            overrides.left(node);
        }
        rebuild(false);
        tickNow();
    }

    /** As {@link #order}; the future ends in any case. */
    void drain(Node node, long deadline, CompletableFuture<Integer> done) {
        queue.execute(() -> {
            if (closed) {
                done.completeExceptionally(new CancellationException("closed"));
            } else {
                carryOut(node, (orders, known) -> orders.drain(known, deadline, done));
            }
        });
    }

    /** A node that drains is idle. */
    void endDrains() {
        execute(() -> {
            long now = now();
            if (overrides.tick(now, new Due(now))) {
                changed();
            }
        });
    }

    void switchTo(Balancer next) {
        execute(() -> {
            Planner.Algorithm before = planner.switchTo(next);
            if (!rebuild(false)) {
                planner.switchBack(before);
            }
        });
    }

    /** A flag has changed: the plan follows soon. */
    void changed() {
        stale = true;
        timer.soon();
    }

    void tick() {
        execute(this::tickNow);
    }

    void wakeAt(long time) {
        timer.at(time);
    }

    void wakeSoon() {
        timer.soon();
    }

    /** Ends it; those who wait learn of it at once, what is confined to the queue ends in its turn. */
    void close(RuntimeException cause) {
        closed = true;
        timer.close();
        waiters.close(cause);
        ready.completeExceptionally(cause);
        queue.execute(() -> {
            overrides.close();
            if (prober != null) {
                prober.close();
            }
        });
    }

    private void execute(Runnable task) {
        queue.execute(() -> {
            if (!closed) {
                task.run();
            }
        });
    }

    // ------------------------------------------------------------------------------------------ time

    private void tickNow() {
        long now = now();
        Due due = new Due(now);
        boolean changed = membership.tick(now, due);
        changed |= overrides.tick(now, due);
        for (Node node : membership.nodes()) {
            changed |= node.expireTargetWeight(now, due);
        }
        if (trackerInterval > 0) {
            tickTracker(now, due);
        }
        boolean ramped = rampStep(now, due);
        if (changed || stale || ramped) {
            rebuild(ramped);
        }
        noteStates(due);
        waiters.serve();
        waiters.expire(now, due);
        if (due.any()) {
            timer.at(due.time());
        }
    }

    /** Finds out when the next tick is needed, without doing the work of one. */
    private void tickLater() {
        timer.soon();
    }

    private void tickTracker(long now, Due due) {
        Plan plan = acquirer.plan();
        if (plan == null) {
            return; // the first plan brings a tick
        }
        if (now - trackerAt >= 0) {
            trackerAt = now + trackerInterval;
            try {
                settings.healthTracker().onTick(plan.all(), now, pool.control);
            } catch (Throwable e) {
                Pool.contained("a health tracker", e);
            }
        }
        due.at(trackerAt);
    }

    /** Whether algorithms are to be prepared again because a ramp has gone up a step. */
    private boolean rampStep(long now, Due due) {
        boolean ramping = false;
        for (Node node : membership.nodes()) {
            ramping |= node.isRamping(now);
        }
        Long next = rampStepAt;
        if (!ramping) {
            rampStepAt = null;
            return next != null;
        }
        boolean up = next == null || now - next >= 0;
        long at = next == null || up ? now + Math.max(1, pool.rampNanos / STEPS_PER_RAMP) : next;
        rampStepAt = at;
        due.at(at);
        return up;
    }

    private long now() {
        return settings.ticker().nanoTime();
    }

    // ------------------------------------------------------------------------------------------ what goes out

    /** Makes and publishes the plan; false if that failed, so that the plan before it stands. */
    private boolean rebuild(boolean again) {
        if (!membership.delivered()) {
            return true;
        }
        stale = false;
        Plan next;
        try {
            next = planner.plan(membership.nodes(), weights(), again);
        } catch (Throwable e) { // of a LocalityPolicy or a Balancer
            String what = settings.name() + ": cannot prepare the endpoints";
            LOG.log(System.Logger.Level.ERROR, what, e);
            failure = e instanceof RuntimeException known ? known : new IllegalStateException(what, e);
            stale = true;
            timer.at(now() + AGAIN_NANOS);
            return false;
        }
        failure = null;
        acquirer.publish(next);
        if (membership.retire(now())) {
            tickLater();
        }
        ready.complete(null);
        noteStates(new Due(now()));
        if (next.panic() != panic) {
            panic = next.panic();
            LOG.log(System.Logger.Level.WARNING, "{0}: panic {1}", settings.name(), panic ? "begins" : "ends");
            tellListener(listener -> listener.panicChanged(next.panic()));
        }
        waiters.serve();
        return true;
    }

    /** Servers that all ask for weight 0 get their traffic all the same, since somebody must serve. */
    private ToDoubleFunction<Node> weights() {
        boolean anyServes =
                membership.nodes().stream().anyMatch(node -> !node.has(Node.UNUSABLE) && overrides.weight(node) > 0);
        return anyServes ? overrides::weight : overrides::weightUnasked;
    }

    /** Tells what has changed since the last time; ejections are due again when they end. */
    private void noteStates(Due due) {
        for (Node node : membership.nodes()) {
            Node.State state = node.state();
            Node.State before = lastStates.put(node, state);
            if (state == Node.State.HALF_OPEN && before != state) {
                node.noteHalfOpen();
            }
            if (before != null && before != state) {
                tellListener(listener -> listener.stateChanged(node, before, state, node.reason()));
            }
            if (state == Node.State.EJECTED) {
                due.at(node.ejectedUntil());
            }
        }
    }

    private void tellListener(Consumer<LoadBalancerListener> event) {
        LoadBalancerListener listener = settings.listener();
        if (listener != null) {
            event.accept(listener);
        }
    }

    // ------------------------------------------------------------------------------------------ membership

    @Override
    public void joined(Node node) {
        overrides.joined(node);
        if (prober != null) {
            prober.watch(node);
        }
        lastStates.put(node, node.state());
        tellListener(listener -> listener.nodeAdded(node));
    }

    @Override
    public void left(Node node) {
        overrides.left(node);
        lastStates.remove(node);
        tellListener(listener -> listener.nodeRemoved(node));
        if (prober != null) {
            prober.unwatch(node);
        }
    }

    @Override
    public void forgotten(Node node) {
        StickinessPolicy policy = settings.stickiness();
        if (policy != null) {
            try {
                policy.forget(node);
            } catch (Throwable e) {
                Pool.contained("a stickiness policy", e);
            }
        }
    }

    @Override
    public void failed(Throwable cause) {
        onError(cause);
    }
}
