package io.lb4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
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
    private long rampStepAt;
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
            boolean first = !membership.delivered();
            if (membership.deliver(copy, now()) || first) {
                rebuild(false);
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

    /** Carries out an order on a node. */
    void order(Consumer<Overrides> order) {
        execute(() -> {
            order.accept(overrides);
            rebuild(false);
            tickNow();
        });
    }

    void switchTo(Balancer next) {
        execute(() -> {
            planner.switchTo(next);
            rebuild(false);
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

    void close() {
        closed = true;
        timer.close();
        queue.execute(() -> {
            overrides.close();
            if (prober != null) {
                prober.close();
            }
            waiters.failAll(new IllegalStateException(settings.name() + ": closed"));
            ready.completeExceptionally(new IllegalStateException(settings.name() + ": closed"));
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
        if (trackerInterval > 0) {
            tickTracker(now, due);
        }
        boolean ramped = rampStep(now, due);
        if (changed || stale || ramped) {
            rebuild(ramped);
        }
        noteStates(now, due);
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
        if (now - trackerAt >= 0 && plan != null) {
            trackerAt = now + trackerInterval;
            try {
                settings.healthTracker().onTick(plan.all(), now, pool.control);
            } catch (RuntimeException e) {
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
        if (!ramping) {
            boolean last = rampStepAt != 0;
            rampStepAt = 0;
            return last;
        }
        long step = Math.max(1, pool.rampNanos / STEPS_PER_RAMP);
        boolean up = rampStepAt == 0 || now - rampStepAt >= 0;
        if (up) {
            rampStepAt = now + step;
        }
        due.at(rampStepAt);
        return up;
    }

    private long now() {
        return settings.ticker().nanoTime();
    }

    // ------------------------------------------------------------------------------------------ what goes out

    private void rebuild(boolean ramped) {
        if (!membership.delivered()) {
            return;
        }
        stale = false;
        Plan next;
        try {
            next = planner.plan(membership.nodes(), overrides::weight, ramped);
        } catch (RuntimeException e) { // of a LocalityPolicy or a Balancer: the plan before it stands
            LOG.log(System.Logger.Level.ERROR, settings.name() + ": cannot prepare the endpoints", e);
            failure = e;
            return;
        }
        acquirer.publish(next);
        ready.complete(null);
        noteStates(now(), new Due(now()));
        if (next.panic() != panic) {
            panic = next.panic();
            LOG.log(System.Logger.Level.WARNING, "{0}: panic {1}", settings.name(), panic ? "begins" : "ends");
            tellListener(listener -> listener.panicChanged(next.panic()));
        }
        waiters.serve();
    }

    /** Tells what has changed since the last time; ejections are due again when they end. */
    private void noteStates(long now, Due due) {
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
                due.at(Math.max(now, node.ejectedUntil()));
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
        lastStates.put(node, node.state());
        tellListener(listener -> listener.nodeAdded(node));
        if (prober != null) {
            prober.watch(node);
        }
    }

    @Override
    public void left(Node node) {
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
            } catch (RuntimeException e) {
                Pool.contained("a stickiness policy", e);
            }
        }
    }

    @Override
    public void failed(Throwable cause) {
        onError(cause);
    }
}
