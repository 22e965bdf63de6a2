package io.lb4j;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an endpoint of one service for each request.
 *
 * <pre>{@code
 * LoadBalancer orders = LoadBalancer.builder("orders", EndpointSource.of("10.0.0.1:8080", "10.0.0.2:8080"),
 *                 Balancers.leastResponseTime())
 *         .build();
 * try (Lease lease = orders.acquire(RequestContext.none())) {
 *     call(lease.endpoint());
 *     lease.report(Outcome.SUCCESS);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Acquiring takes no lock; changes are serialized and become visible all at once.
 */
public final class LoadBalancer implements AutoCloseable {
    private final Settings settings;
    private final Pool pool;
    private final Acquirer acquirer;
    private final WaitQueue waiters;
    private final Admission admission;
    private final Roster roster;
    private final EndpointSource.Subscription subscription;
    private final @Nullable ScheduledThreadPoolExecutor ownScheduler;

    private LoadBalancer(Settings settings, EndpointSource source, Balancer balancer) {
        this.settings = settings;
        ScheduledExecutorService scheduler = settings.scheduler();
        this.ownScheduler = scheduler == null ? DaemonThreads.scheduler("lb4j-" + settings.name()) : null;
        Runnable changed = () -> roster().changed();
        Ejections ejections = new Ejections(settings, () -> acquirer().plan(), changed);
        this.pool = new Pool(settings, ejections, new WaitersAndDrains(), changed);
        this.acquirer = new Acquirer(pool, settings.sessionFallback());
        this.waiters =
                new WaitQueue(pool.waiting, acquirer::tryAcquire, acquirer::hasFreeSlot, time -> roster().wakeAt(time));
        this.admission = new Admission(settings, pool, acquirer, waiters);
        ScheduledExecutorService used = scheduler == null ? Objects.requireNonNull(ownScheduler) : scheduler;
        this.roster = new Roster(settings, balancer, new Roster.Parts(pool, acquirer, waiters, used));
        this.subscription = subscribe(source);
    }

    private EndpointSource.Subscription subscribe(EndpointSource source) {
        boolean subscribed = false;
        try {
            EndpointSource.Subscription made = Checks.notNull("subscription", source.subscribe(roster));
            subscribed = true;
            return made;
        } finally {
            if (!subscribed) {
                stop();
            }
        }
    }

    /** Starts it; throws what kept the endpoints from being prepared, if the source had them at once. */
    static LoadBalancer start(Settings settings, EndpointSource source, Balancer balancer) {
        LoadBalancer started = new LoadBalancer(settings, source, balancer);
        RuntimeException failure = started.roster.failure();
        if (failure != null) {
            started.close();
            throw failure;
        }
        return started;
    }

    /**
     * Starts to build a LoadBalancer.
     *
     * @param name the service's name; for lb-okhttp the host of its URLs
     * @param source where its endpoints come from
     * @param balancer the algorithm, for instance {@code Balancers.leastResponseTime()}
     * @return a builder
     */
    public static LoadBalancerBuilder builder(String name, EndpointSource source, Balancer balancer) {
        return new LoadBalancerBuilder(name, source, balancer);
    }

    /**
     * Returns the name of the service.
     *
     * @return the name
     */
    public String name() {
        return settings.name();
    }

    /**
     * Tells whether sessions are kept on their nodes.
     *
     * @return true if there is a {@linkplain LoadBalancerBuilder#stickiness stickiness policy}
     */
    public boolean isSticky() {
        return settings.stickiness() != null;
    }

    /**
     * Returns a future that completes with the first delivery of endpoints.
     *
     * @return a copy; cancelling it has no effect
     */
    public CompletableFuture<Void> ready() {
        return roster.ready().copy();
    }

    // ------------------------------------------------------------------------------------------ acquire

    /**
     * Chooses an endpoint; waits for the first delivery if there was none yet, and in the queue if one is configured and
     * all endpoints are at capacity.
     *
     * @param request what the choice may depend on
     * @return a lease, to be closed
     * @throws NoEndpointAvailableException if no endpoint can take the request, or the wait is over or interrupted
     * @throws IllegalStateException if this LoadBalancer is closed
     */
    public Lease acquire(RequestContext request) {
        Lease lease = admission.othersWait() ? null : tryAcquire(request);
        return lease != null ? lease : admission.await(request);
    }

    /**
     * Chooses an endpoint and never waits.
     *
     * @param request what the choice may depend on
     * @return a lease, to be closed; null if no endpoint can take the request now
     * @throws IllegalStateException if this LoadBalancer is closed
     */
    public @Nullable Lease tryAcquire(RequestContext request) {
        if (roster.isClosed()) {
            throw closed();
        }
        Lease lease = acquirer.tryAcquire(request);
        if (lease == null && pool.bulkhead != null && !waiters.isEmpty()) {
            waiters.serve(); // the place that this request had for a moment may have been in their way
        }
        return lease;
    }

    /**
     * Chooses an endpoint, as {@link #acquire} does, without blocking.
     *
     * <p>Actions that depend on the future run on the thread that frees the slot, or that runs the tick, unless they
     * are async. So they should not block.
     *
     * @param request what the choice may depend on; read until the future completes
     * @return the lease, to be closed; fails as {@code acquire} throws. Cancelling it leaves the queue
     */
    public CompletableFuture<Lease> acquireAsync(RequestContext request) {
        try {
            Lease lease = admission.othersWait() ? null : tryAcquire(request);
            return lease != null ? CompletableFuture.completedFuture(lease) : admission.queue(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Makes one try on an endpoint and reports how it went: a result is a success, an exception what it says (connect
     * failures, time-outs, TLS trust, cancellation), anything else a failure.
     *
     * @param request what the choice may depend on
     * @param attempt what to try; it may report an outcome of its own, which then counts
     * @param <T> what the attempt gives
     * @param <X> what the attempt throws
     * @return what the attempt gave
     * @throws X if the attempt throws it
     * @throws NoEndpointAvailableException as {@link #acquire}
     */
    public <T, X extends Exception> T attempt(RequestContext request, Attempt<T, X> attempt) throws X {
        try (Lease lease = acquire(request)) {
            T result;
            try {
                result = attempt.on(lease);
            } catch (Throwable failure) {
                lease.report(Outcomes.of(failure));
                throw failure;
            }
            lease.report(Outcome.SUCCESS);
            return result;
        }
    }

    // ------------------------------------------------------------------------------------------ operate

    /**
     * Takes an endpoint out gently: no new requests; bound sessions stay until the deadline.
     *
     * <p>Without a stickiness policy the drain ends as soon as nothing is in flight, with one only at the deadline,
     * since sessions may come back. Then the endpoint is disabled, until {@link #undrain} or {@link #enable}.
     *
     * @param id the endpoint
     * @param deadline how long at most, for instance 300 s
     * @return how many requests were still in flight at the end: 0 = idle; cancelled by {@code undrain}
     * @throws IllegalArgumentException if there is no such endpoint
     */
    public CompletableFuture<Integer> drain(String id, Duration deadline) {
        long until = pool.ticker.nanoTime() + Checks.nanos("deadline", deadline);
        Node node = known(id);
        CompletableFuture<Integer> done = new CompletableFuture<>();
        node.flag(Node.ORDERED_DRAIN, true, "drained by an operator");
        roster.drain(node, until, done);
        return told(done);
    }

    /** A future of the caller's own: cancelling it cancels nothing, and it is cancelled if the drain is. */
    private static CompletableFuture<Integer> told(CompletableFuture<Integer> done) {
        CompletableFuture<Integer> copy = new CompletableFuture<>();
        var ignored = done.whenComplete((left, failure) -> {
            if (failure == null) {
                copy.complete(left);
            } else {
                copy.cancel(false);
            }
        });
        return copy;
    }

    /**
     * Undoes {@link #drain}, also one that has ended.
     *
     * @param id the endpoint
     * @throws IllegalArgumentException if there is no such endpoint
     */
    public void undrain(String id) {
        order(id, Overrides::undrain);
    }

    /**
     * Takes an endpoint out at once: no requests, whatever happens to the others.
     *
     * @param id the endpoint
     * @throws IllegalArgumentException if there is no such endpoint
     */
    public void disable(String id) {
        known(id).flag(Node.ORDERED_OUT, true, "disabled by an operator");
        order(id, Overrides::disable);
    }

    /**
     * Undoes {@link #disable} and {@link #drain}.
     *
     * @param id the endpoint
     * @throws IllegalArgumentException if there is no such endpoint
     */
    public void enable(String id) {
        order(id, Overrides::enable);
    }

    /**
     * Gives an endpoint another weight, which wins over that of later deliveries.
     *
     * @param id the endpoint
     * @param weight finite, at least 0; 0 = no new requests, bound sessions stay
     * @throws IllegalArgumentException if there is no such endpoint, or no such weight
     */
    public void reweight(String id, double weight) {
        double checked = Checks.notNegative("weight", weight);
        order(id, (orders, node) -> orders.reweight(node, checked));
    }

    /**
     * Undoes {@link #reweight}.
     *
     * @param id the endpoint
     * @throws IllegalArgumentException if there is no such endpoint
     */
    public void resetWeight(String id) {
        order(id, (orders, node) -> orders.reweight(node, null));
    }

    private void order(String id, BiConsumer<Overrides, Node> order) {
        roster.order(known(id), order);
    }

    private Node known(String id) {
        NodeSet all = nodes();
        Node node = all.find(Checks.notNull("id", id));
        if (node == null) {
            StringBuilder ids = new StringBuilder();
            all.forEach(each -> ids.append(' ').append(each.endpoint().id()));
            throw Checks.bad("id", id, "one of" + ids);
        }
        return node;
    }

    /**
     * Changes the algorithm; measurements and requests in flight are kept.
     *
     * @param balancer the new algorithm
     */
    public void switchTo(Balancer balancer) {
        Checks.notNull("balancer", balancer);
        roster.switchTo(balancer);
    }

    /**
     * Returns every node, whatever its state.
     *
     * @return the nodes as of now; empty until the first delivery
     * @throws IllegalStateException if this LoadBalancer is closed
     */
    public NodeSet nodes() {
        if (roster.isClosed()) {
            throw closed();
        }
        Plan plan = acquirer.plan();
        return plan == null ? NodeSet.of(pool, List.of(), node -> 0) : plan.all();
    }

    /** Does now what is due by now; otherwise that happens on the scheduler, at most 100 ms late. */
    public void tick() {
        roster.tick();
    }

    /** Ends the subscription, all checks and the threads; leases in flight may still be reported and closed. */
    @Override
    public void close() {
        stop();
        subscription.close();
    }

    /** Ends everything of its own; what the source throws at its end then leaves nothing running. */
    private void stop() {
        roster.close(closed());
        if (ownScheduler != null) {
            ownScheduler.shutdownNow();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException(name() + ": closed");
    }

    /** Returns the name and the nodes. */
    @Override
    public String toString() {
        Plan plan = acquirer.plan();
        return name() + (plan == null ? " (no endpoints yet)" : " " + plan.all());
    }

    private Acquirer acquirer() {
        return acquirer;
    }

    private Roster roster() {
        return roster;
    }

    /** Those who care that a slot came free: requests in the queue, and drains that end when idle. */
    private final class WaitersAndDrains implements Pool.Releases {
        @Override
        public void released(Node node) {
            waiters.serve();
            if (node.has(Node.ORDERED_DRAIN) && node.inFlight() == 0) {
                roster.endDrains();
            }
        }

        @Override
        public void refused() {
            roster.wakeSoon();
        }
    }
}
