package io.lb4j;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for a slot, first come first served, each until its own time is up.
 *
 * <p>Served by whoever frees a slot. A cancelled future leaves the queue. Thread-safe, without locks. Futures complete
 * after the serving, so that what depends on them holds up nobody else.
 */
final class WaitQueue {
    private static final int MOST_NESTED = 8;
    /** How many are passed over for a slot that they cannot have; it is tried again soon. */
    private static final int MOST_REFUSED = 32;

    private final Function<RequestContext, @Nullable Lease> acquire;
    private final BooleanSupplier slotFree;
    private final LongConsumer wakeAt;
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    /** Waiters that are neither served nor gone; read at every close. */
    private final AtomicInteger waiting;
    /** Calls to {@link #serve} not yet answered; whoever raises it from 0 does the work. */
    private final AtomicInteger serving = new AtomicInteger();
    /** Those who are served or given up and do not know it yet. */
    private final ConcurrentLinkedQueue<Runnable> news = new ConcurrentLinkedQueue<>();
    /** How often this thread is in {@link #tell}: what depends on a future may free a slot, which completes the next. */
    private final ThreadLocal<Integer> nested = ThreadLocal.withInitial(() -> 0);
    /** Why nobody can wait any more; set once. */
    private volatile @Nullable RuntimeException closed;

    /** What becomes of a request that is not served. */
    interface Patience {
        /** Why waiting on would be in vain; null if it would not. */
        @Nullable
        RuntimeException lost();

        /** Says that the time is up. */
        RuntimeException timeout();
    }

    /**
     * Makes an empty queue.
     *
     * @param waiting counts those who wait
     * @param slotFree whether any node has a slot, though it may not take every request
     * @param wakeAt wants {@link #expire} to be called at a time
     */
    WaitQueue(
            AtomicInteger waiting,
            Function<RequestContext, @Nullable Lease> acquire,
            BooleanSupplier slotFree,
            LongConsumer wakeAt) {
        this.waiting = waiting;
        this.acquire = acquire;
        this.slotFree = slotFree;
        this.wakeAt = wakeAt;
    }

    boolean isEmpty() {
        return waiting.get() == 0;
    }

    /** Joins the queue; null if {@code capacity} requests wait already. */
    @Nullable
    CompletableFuture<Lease> join(RequestContext request, int capacity, long deadline, Patience patience) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            return null;
        }
        Waiter waiter = new Waiter(request, deadline, patience);
        waiters.add(waiter);
        CompletableFuture<Lease> left = waiter.whenComplete((lease, failure) -> leave(waiter));
        RuntimeException end = closed;
        if (end != null) {
            waiter.completeExceptionally(end);
        }
        serve(); // a slot may have come free between the caller's try and this
        if (!left.isDone()) {
            wakeAt.accept(deadline);
        }
        return waiter;
    }

    private void leave(Waiter waiter) {
        if (waiter.left.compareAndSet(false, true)) {
            waiters.remove(waiter);
            waiting.decrementAndGet();
        }
    }

    /** Gives free slots to those who wait. */
    void serve() {
        if (serving.getAndIncrement() == 0) {
            int seen;
            do {
                seen = serving.get();
                serveOnce();
            } while (serving.addAndGet(-seen) != 0);
        }
        tell();
    }

    private void serveOnce() {
        int refused = 0;
        for (Iterator<Waiter> it = waiters.iterator(); it.hasNext(); ) {
            Waiter waiter = it.next();
            if (!waiter.isDone() && !serve(waiter) && waiter.takesAny()) {
                refused++; // if a slot is left, by a tracker, which may take another request
                if (refused > MOST_REFUSED || !mayHaveSlot()) {
                    return;
                }
            }
        }
    }

    private boolean mayHaveSlot() {
        try {
            return slotFree.getAsBoolean();
        } catch (Throwable e) { // of a tracker that is asked for its limit
            Pool.contained("a health tracker", e);
            return true;
        }
    }

    /** Whether the waiting of this one is over. */
    private boolean serve(Waiter waiter) {
        try {
            Lease lease = acquire.apply(waiter.request);
            if (lease != null) {
                leave(waiter);
                news.add(() -> hand(lease, waiter));
                return true;
            }
            RuntimeException lost = waiter.patience.lost();
            if (lost != null) {
                giveUp(waiter, lost);
            }
            return lost != null;
        } catch (Throwable e) { // of an algorithm, a tracker or a policy
            giveUp(waiter, e);
            return true;
        }
    }

    private static void hand(Lease lease, Waiter waiter) {
        if (!waiter.complete(lease)) {
            lease.close();
        }
    }

    private void giveUp(Waiter waiter, Throwable why) {
        leave(waiter);
        news.add(() -> waiter.completeExceptionally(why));
    }

    /** Completes futures; on a thread that is deep in completing them already, that is left to its outer calls. */
    private void tell() {
        if (!news.isEmpty() && nested.get() < MOST_NESTED) {
            tellAll();
        }
    }

    /** Completes all futures whose waiting is over: for a thread that is about to block on one. */
    void tellAll() {
        int depth = nested.get();
        nested.set(depth + 1);
        try {
            for (Runnable next = news.poll(); next != null; next = news.poll()) {
                next.run();
            }
        } finally {
            if (depth == 0) {
                nested.remove();
            } else {
                nested.set(depth);
            }
        }
    }

    /** Ends the waiting of those whose time is up; tells when the next one's is. */
    void expire(long now, Due due) {
        boolean over = false;
        for (Waiter waiter : waiters) {
            if (now - waiter.deadline >= 0) {
                over = true;
                giveUp(waiter, timeout(waiter));
            } else {
                due.at(waiter.deadline);
            }
        }
        if (over) {
            serve(); // those who stood behind them
        }
    }

    private static Throwable timeout(Waiter waiter) {
        try {
            return waiter.patience.timeout();
        } catch (Throwable e) { // of an algorithm or a policy, while it was found out why
            return e;
        }
    }

    /** Ends all waiting; nobody can join any more. */
    void close(RuntimeException cause) {
        closed = cause;
        waiters.forEach(waiter -> giveUp(waiter, cause));
        tell();
    }

    private static final class Waiter extends CompletableFuture<Lease> {
        private final RequestContext request;
        private final long deadline;
        private final Patience patience;
        /** Whether it has left the queue; served, given up and cancelled at the same time, it leaves once. */
        private final AtomicBoolean left = new AtomicBoolean();

        Waiter(RequestContext request, long deadline, Patience patience) {
            this.request = request;
            this.deadline = deadline;
            this.patience = patience;
        }

        boolean takesAny() {
            return !request.hasExclusions() && request.session() == null;
        }
    }
}
