package io.lb4j.okhttp.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.lb4j.HealthTracker.Control;
import io.lb4j.HealthTracker.NodeHealth;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The circuit breaker of one node, and the node as the breaker wants it. Thread-safe.
 *
 * <p>Each state of the breaker is carried out once, by the thread that first sees it.
 */
final class NodeBreaker extends RegisteredNode<CircuitBreaker> implements NodeHealth {
    /** While a breaker is forced open; it ends when that ends. */
    private static final Duration FOREVER = Duration.ofDays(1);

    private final Node node;
    private final Supplier<CircuitBreaker> source;
    /** The state that was carried out last; atomic, since breakers are followed by many threads. */
    private final AtomicReference<State> followed = new AtomicReference<>(State.CLOSED);
    /** Set while one thread wakes the breaker. */
    private final AtomicBoolean waking = new AtomicBoolean();
    /** How often the breaker has opened since it was closed last; written by the thread that follows it. */
    private volatile int opened;
    /** Whether the node is out because of the breaker; written by the thread that follows it. */
    private volatile boolean out;

    private NodeBreaker(Node node, CircuitBreakerRegistry registry, String name, Supplier<CircuitBreaker> source) {
        super(registry, name, source.get());
        this.node = node;
        this.source = source;
    }

    static NodeBreaker of(String service, Node node, CircuitBreakerRegistry registry) {
        String name = Names.of(service, node.endpoint());
        Supplier<CircuitBreakerConfig> config =
                () -> registry.getConfiguration(service).orElseGet(registry::getDefaultConfig);
        return new NodeBreaker(node, registry, name, () -> registry.circuitBreaker(name, config));
    }

    @Override
    CircuitBreaker register() {
        return source.get();
    }

    // ------------------------------------------------------------------------------------------ the traffic

    @Override
    public boolean admits(RequestContext request, long nowNanos) {
        CircuitBreaker breaker = entry();
        State state = breaker.getState();
        if (state == State.OPEN && out && node.state() == Node.State.HALF_OPEN) {
            endWaiting(breaker);
        }
        return state != State.FORCED_OPEN;
    }

    /** Tells the breaker that its time is over: the node's clock counts. */
    private void endWaiting(CircuitBreaker breaker) {
        if (waking.compareAndSet(false, true)) {
            try {
                wake(breaker);
            } finally {
                waking.set(false);
            }
        }
    }

    private static void wake(CircuitBreaker breaker) {
        if (breaker.getState() != State.OPEN) {
            return;
        } else if (breaker.getCircuitBreakerConfig().getTransitionToStateAfterWaitDuration() == State.CLOSED) {
            breaker.transitionToClosedState();
        } else {
            breaker.transitionToHalfOpenState();
        }
    }

    @Override
    public void onReport(Lease lease, Outcome outcome, long nowNanos, Control control) {
        CircuitBreaker breaker = entry();
        if (outcome != Outcome.CANCELLED && counts(breaker, lease)) {
            long nanos = Math.max(0, nowNanos - lease.startNanos());
            if (outcome.isFailure()) {
                breaker.onError(nanos, TimeUnit.NANOSECONDS, failure(outcome));
            } else {
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            }
        }
        follow(control);
    }

    /** What comes back from before the breaker opened says nothing about now. */
    private boolean counts(CircuitBreaker breaker, Lease lease) {
        return switch (breaker.getState()) {
            case CLOSED, METRICS_ONLY -> true;
            case HALF_OPEN -> (lease.isTrial() || !out) && breaker.tryAcquirePermission();
            default -> false;
        };
    }

    @Override
    public boolean wantsMoreTrials() {
        return out && entry().getState() == State.HALF_OPEN;
    }

    private static IOException failure(Outcome outcome) {
        return switch (outcome) {
            case TIMED_OUT -> new SocketTimeoutException(outcome.name());
            case UNREACHABLE -> new ConnectException(outcome.name());
            case UNTRUSTED -> new SSLPeerUnverifiedException(outcome.name());
            default -> new IOException(outcome.name());
        };
    }

    // ------------------------------------------------------------------------------------------ the node

    /** Does what a state of the breaker that was not seen before asks for. */
    void follow(Control control) {
        CircuitBreaker breaker = entry();
        State state = breaker.getState();
        State before = followed.get();
        if (state == before || !followed.compareAndSet(before, state)) {
            return;
        }
        switch (state) {
            case OPEN -> open(breaker, control);
            case FORCED_OPEN -> out = control.eject(node, FOREVER, "circuit breaker forced open");
            case HALF_OPEN -> {} // the node's own time decides when it is tried
            default -> close(state, control);
        }
    }

    private void open(CircuitBreaker breaker, Control control) {
        int times = opened + 1;
        opened = times;
        long millis = breaker.getCircuitBreakerConfig()
                .getWaitIntervalFunctionInOpenState()
                .apply(times);
        out = control.eject(node, Duration.ofMillis(Math.max(1, millis)), "circuit breaker open");
        if (!out) {
            breaker.transitionToClosedState();
        }
    }

    private void close(State state, Control control) {
        opened = 0;
        if (out) {
            out = false;
            control.restore(node, "circuit breaker " + state);
        }
    }
}
