package io.lb4j;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What happens to a request that got no lease at once: whether it waits, for what and how long. Thread-safe. */
final class Admission {
    /** How often a request is tried again when its diagnosis says that it need not have failed. */
    private static final int TRIES = 4;

    private final Settings settings;
    private final Pool pool;
    private final Acquirer acquirer;
    private final WaitQueue waiters;

    Admission(Settings settings, Pool pool, Acquirer acquirer, WaitQueue waiters) {
        this.settings = settings;
        this.pool = pool;
        this.acquirer = acquirer;
        this.waiters = waiters;
    }

    /** Whether a request has to queue behind others, even if there is a slot for it. */
    boolean othersWait() {
        return settings.queueCapacity() > 0 && !waiters.isEmpty();
    }

    /** Lets a request wait if that helps; throws why if it does not. */
    CompletableFuture<Lease> queue(RequestContext request) {
        NoEndpointAvailableException why = explain(request);
        boolean behind = othersWait();
        for (int i = 0; i < TRIES && Diagnosis.servable(why.reason()) && !behind; i++) { // a slot came free meanwhile
            Bulkhead bulkhead = pool.bulkhead;
            if (bulkhead != null && !bulkhead.enter()) {
                why = Diagnosis.serviceFull(settings.name(), bulkhead);
                break;
            }
            Lease lease = bulkhead == null ? acquirer.tryAcquire(request) : acquirer.chooseInside(bulkhead, request);
            if (lease != null) {
                return CompletableFuture.completedFuture(lease);
            }
            why = explain(request);
            behind = othersWait();
        }
        CompletableFuture<Lease> waiter = null;
        if (why.reason() == Reason.NOT_READY) {
            waiter = join(request, Integer.MAX_VALUE, settings.readyTimeoutNanos(), new UntilReady(request));
        } else if (waitingHelps(why.reason(), behind)) {
            waiter = join(request, settings.queueCapacity(), settings.queueTimeoutNanos(), new UntilFree());
        }
        if (waiter == null) {
            throw why;
        }
        return waiter;
    }

    private @Nullable CompletableFuture<Lease> join(
            RequestContext request, int capacity, long nanos, WaitQueue.Patience patience) {
        return waiters.join(request, capacity, pool.ticker.nanoTime() + nanos, patience);
    }

    /**
     * Whether a request should wait.
     *
     * @param behind whether others wait: then a slot that is free belongs to them
     */
    private boolean waitingHelps(Reason reason, boolean behind) {
        return settings.queueCapacity() > 0
                && (reason == Reason.ALL_AT_CAPACITY || (Diagnosis.servable(reason) && (behind || isLimited())));
    }

    /** Whether slots can run out; then a request that failed again and again may have lost a race for each of them. */
    private boolean isLimited() {
        Plan plan = acquirer.plan();
        if (pool.bulkhead != null || plan == null) {
            return pool.bulkhead != null;
        }
        for (Node node : plan.all()) {
            if (node.maxInFlight() < Endpoint.MOST_IN_FLIGHT) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #queue}, and blocks until the wait is over. */
    Lease await(RequestContext request) {
        CompletableFuture<Lease> future = queue(request);
        waiters.tellAll();
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!future.cancel(false) && !future.isCompletedExceptionally()) {
                future.join().close();
            }
            throw explain(request);
        }
    }

    private NoEndpointAvailableException explain(RequestContext request) {
        return Diagnosis.explain(settings.name(), acquirer.plan(), request, pool, settings.sessionFallback());
    }

    /** The patience of a request that came before the first endpoints; it may go on in the queue, if there is one. */
    private final class UntilReady implements WaitQueue.Patience {
        private final RequestContext request;

        UntilReady(RequestContext request) {
            this.request = request;
        }

        @Override
        public @Nullable RuntimeException lost() {
            NoEndpointAvailableException why = explain(request);
            return why.reason() == Reason.NOT_READY || waitingHelps(why.reason(), othersWait()) ? null : why;
        }

        @Override
        public RuntimeException timeout() {
            return explain(request);
        }
    }

    /** The patience of a request for which all endpoints were at capacity. */
    private final class UntilFree implements WaitQueue.Patience {
        @Override
        public @Nullable RuntimeException lost() {
            return null;
        }

        @Override
        public RuntimeException timeout() {
            return new NoEndpointAvailableException(settings.name(), Reason.QUEUE_TIMEOUT, "");
        }
    }
}
