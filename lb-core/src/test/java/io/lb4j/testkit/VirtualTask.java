package io.lb4j.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A task that waits for its virtual time. */
class VirtualTask<V extends @Nullable Object> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    private final VirtualTime clock;
    private final long sequence;
    private final long period;
    /** Changes only between being taken from the queue and being put back. */
    private volatile long time;

    /** A period of 0 = once. */
    VirtualTask(VirtualTime clock, Callable<V> callable, long time, long sequence, long period) {
        super(callable);
        this.clock = clock;
        this.time = time;
        this.sequence = sequence;
        this.period = period;
    }

    long time() {
        return time;
    }

    @Override
    public void run() {
        if (period == 0) {
            super.run();
        } else if (runAndReset()) {
            long next = time + period;
            time = next;
            clock.repeat(this);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        clock.remove(this);
        return super.cancel(false);
    }

    @Override
    public boolean isPeriodic() {
        return period != 0;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(time - clock.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        VirtualTask<?> that = (VirtualTask<?>) other;
        int order = Long.signum(time - that.time); // times may wrap
        return order != 0 ? order : Long.compare(sequence, that.sequence);
    }

    /** A task without a future: what it throws ends the advance that runs it. */
    static final class Plain extends VirtualTask<@Nullable Void> {
        private final Runnable command;

        Plain(VirtualTime clock, Runnable command, long time, long sequence) {
            super(clock, () -> null, time, sequence, 0);
            this.command = command;
        }

        @Override
        public void run() {
            command.run();
        }
    }
}
