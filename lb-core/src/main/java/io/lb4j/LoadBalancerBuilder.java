package io.lb4j;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link LoadBalancer}; everything has a default. Not thread-safe.
 *
 * <p>A bad value is refused at once and changes nothing.
 */
public final class LoadBalancerBuilder {
    private final String name;
    private final EndpointSource source;
    private final Balancer balancer;
    private Ticker ticker = Ticker.system();
    private @Nullable ScheduledExecutorService scheduler;
    private Supplier<? extends RandomGenerator> random = ThreadLocalRandom::current;
    private HealthTracker healthTracker = HealthTracker.consecutiveFailures();
    private @Nullable HealthProbe healthProbe;
    private HealthProbe.Schedule probeSchedule = HealthProbe.Schedule.standard();
    private @Nullable Executor probeExecutor;
    private @Nullable StickinessPolicy stickiness;
    private SessionFallback sessionFallback = SessionFallback.REBIND;
    private LocalityPolicy locality = LocalityPolicy.byPriority();
    private @Nullable LoadBalancerListener listener;
    private long slowStartNanos = Duration.ofSeconds(10).toNanos();
    private double slowStartLeast = 0.1;
    private double slowStartAggression = 1;
    private double mostEjected = 0.5;
    private double panicBelow = 0.5;
    private long graceNanos = Duration.ofSeconds(60).toNanos();
    private long holdEmptyNanos = Duration.ofSeconds(30).toNanos();
    private long readyTimeoutNanos = Duration.ofSeconds(5).toNanos();
    private int maxInFlight = Integer.MAX_VALUE;
    private int queueCapacity;
    private long queueTimeoutNanos;

    LoadBalancerBuilder(String name, EndpointSource source, Balancer balancer) {
        this.name = Checks.notBlank("name", name);
        this.source = Checks.notNull("source", source);
        this.balancer = Checks.notNull("balancer", balancer);
    }

    /**
     * Sets the clock.
     *
     * @param value the ticker; that of the JVM by default
     * @return this
     */
    public LoadBalancerBuilder ticker(Ticker value) {
        ticker = Checks.notNull("ticker", value);
        return this;
    }

    /**
     * Sets where ticks run.
     *
     * @param value stays the caller's to shut down; by default a daemon thread of the LoadBalancer's own
     * @return this
     */
    public LoadBalancerBuilder scheduler(ScheduledExecutorService value) {
        scheduler = Checks.notNull("scheduler", value);
        return this;
    }

    /**
     * Sets the source of randomness of the engine; algorithms have their own.
     *
     * @param value asked on the thread that needs it; {@link ThreadLocalRandom} by default
     * @return this
     */
    public LoadBalancerBuilder random(Supplier<? extends RandomGenerator> value) {
        random = Checks.notNull("random", value);
        return this;
    }

    /**
     * Sets what judges nodes by real traffic.
     *
     * @param value the tracker; {@link HealthTracker#consecutiveFailures()} by default
     * @return this
     */
    public LoadBalancerBuilder healthTracker(HealthTracker value) {
        healthTracker = Checks.notNull("healthTracker", value);
        return this;
    }

    /**
     * Sets an active check of each endpoint; none by default.
     *
     * @param probe the check
     * @param schedule when it runs
     * @return this
     */
    public LoadBalancerBuilder healthProbe(HealthProbe probe, HealthProbe.Schedule schedule) {
        Checks.notNull("schedule", schedule);
        healthProbe = Checks.notNull("healthProbe", probe);
        probeSchedule = schedule;
        return this;
    }

    /**
     * Sets where active checks run.
     *
     * @param value stays the caller's to shut down; it should start a check at once, on another thread, since the
     *     check's time runs already; by default daemon threads of the LoadBalancer's own
     * @return this
     */
    public LoadBalancerBuilder probeExecutor(Executor value) {
        probeExecutor = Checks.notNull("probeExecutor", value);
        return this;
    }

    /**
     * Sets what remembers which node serves which session; nothing by default.
     *
     * @param policy the policy
     * @param fallback what happens when a session's node cannot take its request
     * @return this
     */
    public LoadBalancerBuilder stickiness(StickinessPolicy policy, SessionFallback fallback) {
        Checks.notNull("fallback", fallback);
        stickiness = Checks.notNull("policy", policy);
        sessionFallback = fallback;
        return this;
    }

    /**
     * Sets how nodes are arranged into tiers.
     *
     * @param value the policy; {@link LocalityPolicy#byPriority()} by default
     * @return this
     */
    public LoadBalancerBuilder locality(LocalityPolicy value) {
        locality = Checks.notNull("locality", value);
        return this;
    }

    /**
     * Sets who is told what happens; nobody by default.
     *
     * @param value the listener
     * @return this
     */
    public LoadBalancerBuilder listener(LoadBalancerListener value) {
        listener = new ContainedListener(Checks.notNull("listener", value));
        return this;
    }

    /**
     * Sets how long the weight of a node ramps up after it has joined warm peers or was taken back.
     *
     * @param ramp 10 s by default; zero = no slow start
     * @param least the part of the weight it begins with, more than 0 to 1; 0.1 by default
     * @return this
     */
    public LoadBalancerBuilder slowStart(Duration ramp, double least) {
        return slowStart(ramp, least, 1);
    }

    /**
     * Sets how long, and along which curve, the weight of a node ramps up: {@code (elapsed / ramp) ^ (1 / aggression)},
     * as in Envoy.
     *
     * @param ramp 10 s by default; zero = no slow start
     * @param least the part of the weight it begins with, more than 0 to 1; 0.1 by default
     * @param aggression more than 1 = faster at the beginning, less = slower; 0.1 to 10; 1, the default, = a straight line
     * @return this
     */
    public LoadBalancerBuilder slowStart(Duration ramp, double least, double aggression) {
        long nanos = Checks.nanos("slowStart", ramp);
        double part = Checks.range("slowStart least", least, 1e-6, 1);
        slowStartAggression = Checks.range("slowStart aggression", aggression, 0.1, 10);
        slowStartLeast = part;
        slowStartNanos = nanos;
        return this;
    }

    /**
     * Sets which part of the nodes may be ejected at once; one always may, the last usable one never.
     *
     * @param part 0 to 1; 0.5 by default
     * @return this
     */
    public LoadBalancerBuilder mostEjected(double part) {
        mostEjected = Checks.range("mostEjected", part, 0, 1);
        return this;
    }

    /**
     * Sets when ejected and down nodes serve too: when no tier has this part of its nodes usable.
     *
     * @param part 0 to 1; 0.5 by default, 0 = only when no node at all is usable
     * @return this
     */
    public LoadBalancerBuilder panicBelow(double part) {
        panicBelow = Checks.range("panicBelow", part, 0, 1);
        return this;
    }

    /**
     * Sets how long a node that has left is remembered, measurements included.
     *
     * @param time 60 s by default
     * @return this
     */
    public LoadBalancerBuilder grace(Duration time) {
        graceNanos = Checks.nanos("grace", time);
        return this;
    }

    /**
     * Sets how long an empty delivery is held back while there are endpoints.
     *
     * @param time 30 s by default; zero = not at all
     * @return this
     */
    public LoadBalancerBuilder holdEmpty(Duration time) {
        holdEmptyNanos = Checks.nanos("holdEmpty", time);
        return this;
    }

    /**
     * Sets how long a request waits for the first delivery.
     *
     * @param time 5 s by default
     * @return this
     */
    public LoadBalancerBuilder readyTimeout(Duration time) {
        readyTimeoutNanos = Checks.nanos("readyTimeout", time);
        return this;
    }

    /**
     * Sets how many requests may be in flight on the whole service at once (a bulkhead); no limit by default.
     *
     * <p>The limit is exact: of all requests at most so many hold a lease. The others wait in the {@link #queue}, if
     * there is one, or fail with {@code ALL_AT_CAPACITY}. The limit of a single endpoint is
     * {@link Endpoint#withMaxInFlight}.
     *
     * @param limit at least 1
     * @return this
     */
    public LoadBalancerBuilder maxInFlight(int limit) {
        maxInFlight = Checks.range("maxInFlight", limit, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * Sets a queue for requests that find all endpoints, or the service, at capacity (NGINX {@code queue}); none by default.
     *
     * @param capacity how many requests may wait, at least 1
     * @param timeout how long each waits at most, more than 0
     * @return this
     */
    public LoadBalancerBuilder queue(int capacity, Duration timeout) {
        long nanos = Checks.positiveNanos("queue timeout", timeout);
        queueCapacity = Checks.range("queue capacity", capacity, 1, Integer.MAX_VALUE);
        queueTimeoutNanos = nanos;
        return this;
    }

    /**
     * Returns the LoadBalancer, subscribed to its source.
     *
     * @return a new LoadBalancer, to be closed when it is not needed any more
     * @throws RuntimeException what the algorithm or the locality policy threw when it was prepared for the endpoints
     *     that the source delivered at once
     */
    public LoadBalancer build() {
        return LoadBalancer.start(settings(), source, balancer);
    }

    private Settings settings() {
        return new Settings(
                name,
                ticker,
                scheduler,
                random,
                Checks.notNull("what start returned", healthTracker.start()),
                healthProbe,
                probeSchedule,
                probeExecutor,
                stickiness,
                sessionFallback,
                locality,
                listener,
                slowStartNanos,
                slowStartLeast,
                slowStartAggression,
                mostEjected,
                panicBelow,
                graceNanos,
                holdEmptyNanos,
                readyTimeoutNanos,
                maxInFlight,
                queueCapacity,
                queueTimeoutNanos);
    }
}
