package io.lb4j;

import io.lb4j.NoEndpointAvailableException.Reason;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for a slot, first come first served, each until its own time is up.
 *
 * <p>Served by whoever frees a slot. A cancelled future leaves the queue. Thread-safe, without locks.
 */
final class WaitQueue {
    private final Function<RequestContext, @Nullable Lease> acquire;
    private final LongConsumer wakeAt;
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    /** Waiters that are neither served nor gone; read at every close. */
    private final AtomicInteger waiting = new AtomicInteger();
    /** Calls to {@link #serve} not yet answered; whoever raises it from 0 does the work. */
    private final AtomicInteger serving = new AtomicInteger();

    WaitQueue(Function<RequestContext, @Nullable Lease> acquire, LongConsumer wakeAt) {
        this.acquire = acquire;
        this.wakeAt = wakeAt;
    }

    boolean isEmpty() {
        return waiting.get() == 0;
    }

    /**
     * Joins the queue; null if {@code capacity} requests wait already.
     *
     * @param onTimeout makes the exception if no slot is free before the deadline
     */
    @Nullable
    CompletableFuture<Lease> join(
            RequestContext request, int capacity, long deadline, Function<Reason, RuntimeException> onTimeout) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            return null;
        }
        Waiter waiter = new Waiter(request, deadline, onTimeout);
        waiters.add(waiter);
        CompletableFuture<Lease> left = waiter.whenComplete((lease, failure) -> leave(waiter));
        serve(); // a slot may have come free between the caller's try and this
        if (!left.isDone()) {
            wakeAt.accept(deadline);
        }
        return waiter;
    }

    private void leave(Waiter waiter) {
        waiters.remove(waiter);
        waiting.decrementAndGet();
    }

    /** Gives free slots to those who wait. */
    void serve() {
        if (serving.getAndIncrement() != 0) {
            return;
        }
        int seen;
        do {
            seen = serving.get();
            serveOnce();
        } while (serving.addAndGet(-seen) != 0);
    }

    private void serveOnce() {
        for (Iterator<Waiter> it = waiters.iterator(); it.hasNext(); ) {
            Waiter waiter = it.next();
            if (waiter.isDone()) {
                continue;
            }
            Lease lease;
            try {
                lease = acquire.apply(waiter.request);
            } catch (RuntimeException e) {
                waiter.completeExceptionally(e);
                continue;
            }
            if (lease != null && !waiter.complete(lease)) {
                lease.close();
            } else if (lease == null && waiter.takesAny()) {
                return; // what this one cannot have, those behind it cannot have either
            }
        }
    }

    /** Ends the waiting of those whose time is up; tells when the next one's is. */
    void expire(long now, Due due) {
        for (Waiter waiter : waiters) {
            if (now - waiter.deadline >= 0) {
                waiter.completeExceptionally(waiter.onTimeout.apply(Reason.QUEUE_TIMEOUT));
            } else {
                due.at(waiter.deadline);
            }
        }
    }

    void failAll(RuntimeException cause) {
        waiters.forEach(waiter -> waiter.completeExceptionally(cause));
    }

    private static final class Waiter extends CompletableFuture<Lease> {
        private final RequestContext request;
        private final long deadline;
        private final Function<Reason, RuntimeException> onTimeout;

        Waiter(RequestContext request, long deadline, Function<Reason, RuntimeException> onTimeout) {
            this.request = request;
            this.deadline = deadline;
            this.onTimeout = onTimeout;
        }

        boolean takesAny() {
            return !request.hasExclusions() && request.session() == null;
        }
    }
}
