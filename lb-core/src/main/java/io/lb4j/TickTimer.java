package io.lb4j;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs the tick when something is due, and not at all when nothing is. Thread-safe. */
final class TickTimer {
    /** Work that waits for the next tick waits this long, so that several changes make one rebuild. */
    static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ScheduledExecutorService scheduler;
    private final Ticker ticker;
    private final Runnable tick;
    /** The earliest alarm that is set; replaced by an earlier one, cleared when it rings. */
    private final AtomicReference<@Nullable Alarm> next = new AtomicReference<>();

    /** Set once; read before an alarm is set. */
    private volatile boolean closed;

    TickTimer(ScheduledExecutorService scheduler, Ticker ticker, Runnable tick) {
        this.scheduler = scheduler;
        this.ticker = ticker;
        this.tick = tick;
    }

    void soon() {
        at(ticker.nanoTime() + SOON_NANOS);
    }

    /** Makes sure that a tick runs at this time or earlier. */
    void at(long due) {
        Alarm alarm = new Alarm(due);
        Alarm set = next.get();
        while (!closed && (set == null || due - set.due < 0)) {
            if (next.compareAndSet(set, alarm)) {
                alarm.set();
                if (set != null) {
                    set.cancel();
                }
                if (closed) { // meanwhile: what close could not see yet
                    alarm.cancel();
                }
                return;
            }
            set = next.get();
        }
    }

    /** Cancels what is set; nothing can be set any more. */
    void close() {
        closed = true;
        Alarm set = next.getAndSet(null);
        if (set != null) {
            set.cancel();
        }
    }

    private final class Alarm implements Runnable {
        private final long due;
        /** Written by the thread that sets the alarm; an alarm cancelled before that rings in vain. */
        private volatile @Nullable Future<?> scheduled;

        Alarm(long due) {
            this.due = due;
        }

        void set() {
            boolean accepted = false;
            try {
                scheduled = scheduler.schedule(this, Math.max(0, due - ticker.nanoTime()), TimeUnit.NANOSECONDS);
                accepted = true;
            } catch (RejectedExecutionException e) {
                accepted = false; // the scheduler is shut down: whoever owns it wants no more ticks
            } finally {
                if (!accepted) {
                    next.compareAndSet(this, null);
                }
            }
        }

        void cancel() {
            Future<?> future = scheduled;
            if (future != null) {
                future.cancel(false);
            }
        }

        @Override
        public void run() {
            if (next.compareAndSet(this, null)) {
                tick.run();
            }
        }
    }
}
