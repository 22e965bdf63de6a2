package io.lb4j.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs the timers of load balancers as events of a timeline; once each, since they need nothing periodic. */
final class TimelineScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private final Timeline timeline;

    TimelineScheduler(Timeline timeline) {
        this.timeline = timeline;
    }

    @Override
    public void execute(Runnable command) {
        timeline.after(0, command);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    return Boolean.TRUE;
                },
                delay,
                unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Timer<V> timer = new Timer<>(callable, timeline, timeline.now() + Math.max(0, unit.toNanos(delay)));
        timeline.at(timer.due, timer);
        return timer;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("periodic tasks");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("periodic tasks");
    }

    /** Does nothing: the timeline ends with the simulation. */
    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    private static final class Timer<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final Timeline timeline;
        private final long due;

        Timer(Callable<V> callable, Timeline timeline, long due) {
            super(callable);
            this.timeline = timeline;
            this.due = due;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - timeline.now(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        /** What a timer of the product throws must not be lost in its future. */
        @Override
        protected void setException(Throwable failure) {
            super.setException(failure);
            throw new IllegalStateException("a timer failed", failure);
        }
    }
}
