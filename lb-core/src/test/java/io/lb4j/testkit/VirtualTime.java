package io.lb4j.testkit;

import io.lb4j.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock and a scheduler in one, moved by hand: time passes only in {@link #advance}, which runs what is due.
 *
 * <p>Tasks run on the thread that advances the time, in the order of their times, and of their submission if the times
 * are equal; while one runs, the clock shows its time. {@link #execute} and {@link #submit} run nothing at once either:
 * their tasks are due now and run in the next {@code advance}, even one of {@link Duration#ZERO}. Time never runs
 * backwards.
 *
 * <p>Any thread may read the clock, submit and cancel. One thread at a time may advance, and no task may.
 */
public final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService, Ticker {
    private static final long LONGEST_DELAY = Long.MAX_VALUE / 2;

    private final long origin;
    private final Instant originInstant;
    private final AtomicLong submissions = new AtomicLong();
    private final ConcurrentSkipListSet<VirtualTask<?>> waiting = new ConcurrentSkipListSet<>();
    private final AtomicBoolean advancing = new AtomicBoolean();
    /** Written by the thread that advances. */
    private volatile long now;

    private volatile boolean shutdown;

    /** Makes a clock that starts at 0 ns and at 2026-01-01T00:00:00Z. */
    public VirtualTime() {
        this(0, Instant.parse("2026-01-01T00:00:00Z"));
    }

    /**
     * Makes a clock.
     *
     * @param nanoTime what {@link #nanoTime} starts with; any number, since tickers may be negative and may wrap
     * @param instant what {@link #instantSource} starts with
     */
    public VirtualTime(long nanoTime, Instant instant) {
        this.origin = nanoTime;
        this.now = nanoTime;
        this.originInstant = Objects.requireNonNull(instant, "instant: null (expected: for instance Instant.EPOCH)");
    }

    // ------------------------------------------------------------------------------------------ the clock

    @Override
    public long nanoTime() {
        return now;
    }

    /**
     * Returns the same clock as wall-clock time.
     *
     * @return a view; it moves with this clock
     */
    public InstantSource instantSource() {
        return () -> originInstant.plusNanos(now - origin);
    }

    /**
     * Lets time pass and runs what becomes due, periodic tasks as often as they are due.
     *
     * @param duration how long, 0 or more; zero runs what is due now
     * @throws IllegalArgumentException if the duration is negative or more than 146 years
     * @throws IllegalStateException if another thread, or the task that calls this, is advancing the time already
     * @throws RuntimeException what a task given to {@link #execute} has thrown; time then stands where that task ran.
     *     What other tasks throw is in their futures
     */
    public void advance(Duration duration) {
        long end = now + checkedNanos(duration);
        if (!advancing.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "advance: is running already (expected: one thread at a time, and not from a task)");
        }
        try {
            for (VirtualTask<?> task = nextUntil(end); task != null; task = nextUntil(end)) {
                moveTo(task.time());
                task.run();
            }
            moveTo(end);
        } finally {
            advancing.set(false);
        }
    }

    private static long checkedNanos(Duration duration) {
        if (duration.isNegative() || duration.compareTo(Duration.ofNanos(LONGEST_DELAY)) > 0) {
            throw new IllegalArgumentException("duration: " + duration + " (expected: 0 to 146 years)");
        }
        return duration.toNanos();
    }

    private VirtualTask<?> nextUntil(long end) {
        for (VirtualTask<?> task : waiting) {
            if (task.time() - end > 0) {
                return null;
            }
            if (waiting.remove(task)) { // else somebody has cancelled it meanwhile
                return task;
            }
        }
        return null;
    }

    private void moveTo(long time) {
        if (time - now > 0) {
            now = time;
        }
    }

    // ------------------------------------------------------------------------------------------ the scheduler

    /**
     * Returns how many tasks wait for their time.
     *
     * @return 0 or more; a periodic task counts once
     */
    public int waiting() {
        return waiting.size();
    }

    /**
     * Returns how long it is until the next task.
     *
     * @return the time to let pass, zero if a task is due now; empty if no task waits
     */
    public Optional<Duration> untilNextTask() {
        for (VirtualTask<?> task : waiting) {
            return Optional.of(Duration.ofNanos(Math.max(0, task.time() - now)));
        }
        return Optional.empty();
    }

    @Override
    public void execute(Runnable command) {
        Objects.requireNonNull(command, "command: null (expected: a task)");
        VirtualTask<?> ignored = add(new VirtualTask.Plain(this, command, now, submissions.incrementAndGet()));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(new VirtualTask<>(this, callable(command), due(delay, unit), submissions.incrementAndGet(), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(new VirtualTask<>(this, callable, due(delay, unit), submissions.incrementAndGet(), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return periodic(command, initialDelay, checkedPeriod("period", period, unit), unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return periodic(command, initialDelay, checkedPeriod("delay", delay, unit), unit); // no time passes in a task
    }

    private ScheduledFuture<?> periodic(Runnable command, long initialDelay, long period, TimeUnit unit) {
        long sequence = submissions.incrementAndGet();
        return add(new VirtualTask<>(this, callable(command), due(initialDelay, unit), sequence, period));
    }

    private static Callable<Void> callable(Runnable command) {
        Objects.requireNonNull(command, "command: null (expected: a task)");
        return () -> {
            command.run();
            return null;
        };
    }

    private static long checkedPeriod(String name, long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException(name + ": " + period + " " + unit + " (expected: > 0)");
        }
        return Math.min(LONGEST_DELAY, unit.toNanos(period));
    }

    private long due(long delay, TimeUnit unit) {
        return now + Math.max(0, Math.min(LONGEST_DELAY, unit.toNanos(delay)));
    }

    private <T extends VirtualTask<?>> T add(T task) {
        if (shutdown) {
            throw new RejectedExecutionException("the virtual scheduler is shut down");
        }
        waiting.add(task);
        return task;
    }

    /** Puts a periodic task back; not if it was cancelled, or the scheduler shut down, while it ran. */
    void repeat(VirtualTask<?> task) {
        waiting.add(task);
        if (shutdown || task.isCancelled()) {
            task.cancel(false);
        }
    }

    void remove(VirtualTask<?> task) {
        waiting.remove(task);
    }

    // ------------------------------------------------------------------------------------------ the end

    /** Refuses new tasks and cancels the periodic ones; the others still run when time comes to them. */
    @Override
    public void shutdown() {
        shutdown = true;
        for (VirtualTask<?> task : waiting) {
            if (task.isPeriodic()) {
                task.cancel(false);
            }
        }
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> dropped = new ArrayList<>();
        for (VirtualTask<?> task : waiting) {
            if (waiting.remove(task)) {
                dropped.add(task);
            }
        }
        return dropped;
    }

    /** Shuts down, and drops what waits: {@code ExecutorService.close} of later JDKs would wait for it in vain. */
    @SuppressWarnings("MissingOverride") // overrides from JDK 19 on
    public void close() {
        shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && waiting.isEmpty() && !advancing.get();
    }

    /** Answers at once what {@link #isTerminated} says: waiting would not make virtual time pass. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    /** Not supported: it would wait for tasks that run only when its caller advances the time. */
    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) {
        throw new UnsupportedOperationException("invokeAll: would wait for ever (expected: submit, then advance)");
    }

    /** Not supported: it would wait for tasks that run only when its caller advances the time. */
    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) {
        throw new UnsupportedOperationException("invokeAny: would wait for ever (expected: submit, then advance)");
    }

    @Override
    public String toString() {
        return "VirtualTime " + Duration.ofNanos(now - origin) + " after its start, " + waiting.size() + " waiting";
    }
}
