package io.lb4j;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the active checks: one at a time per node, each on a schedule of its own with jitter.
 *
 * <p>{@link #watch}, {@link #unwatch} and {@link #close} are confined to the Roster. A check runs on a daemon thread
 * that exists only while checks run, so a hanging check delays no other.
 */
final class Prober {
    private final Settings settings;
    private final HealthProbe probe;
    private final HealthProbe.Schedule schedule;
    private final ScheduledExecutorService scheduler;
    private final Consumer<Node> changed;
    private final Executor executor;
    private final @Nullable ThreadPoolExecutor own;
    private final Map<Node, Watch> watches = new HashMap<>();

    Prober(Settings settings, HealthProbe probe, ScheduledExecutorService scheduler, Consumer<Node> changed) {
        this.settings = settings;
        this.probe = probe;
        this.schedule = settings.probeSchedule();
        this.scheduler = scheduler;
        this.changed = changed;
        Executor given = settings.probeExecutor();
        this.own = given == null ? DaemonThreads.cached("lb4j-" + settings.name() + "-probe") : null;
        this.executor = given == null ? Objects.requireNonNull(own) : given;
    }

    void watch(Node node) {
        node.flag(Node.CHECKING, true, "not checked yet");
        Watch watch = new Watch(node);
        watches.put(node, watch);
        watch.checkIn(0);
    }

    void unwatch(Node node) {
        Watch watch = watches.remove(node);
        if (watch != null) {
            watch.end();
        }
    }

    void close() {
        watches.values().forEach(Watch::end);
        watches.clear();
        if (own != null) {
            own.shutdownNow();
        }
    }

    /** The checks of one node; only one runs at a time, so the counts need no guard but the executor's hand-over. */
    private final class Watch {
        private final Node node;
        private int fails;
        private int passes;
        /** Set by the Roster, read by the check. */
        private volatile boolean ended;
        /** The next check; written by whoever schedules it. */
        private volatile @Nullable Future<?> next;

        Watch(Node node) {
            this.node = node;
        }

        void end() {
            ended = true;
            Future<?> scheduled = next;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }

        void checkIn(long nanos) {
            try {
                next = scheduler.schedule(this::start, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                ended = true;
            }
        }

        private void start() {
            try {
                executor.execute(this::check);
            } catch (RejectedExecutionException e) {
                checkIn(nextDelay()); // the executor may only be busy; the scheduler tells when all is over
            }
        }

        private void check() {
            if (ended) {
                return;
            }
            try {
                passed(probe.check(node.endpoint(), schedule.timeout()));
            } catch (Throwable e) {
                String message = e.getMessage();
                failed(e.getClass().getSimpleName() + (message == null ? "" : ": " + message));
            } finally {
                if (!ended) {
                    checkIn(nextDelay());
                }
            }
        }

        private long nextDelay() {
            double swing = 1 + schedule.jitter() * (2 * settings.random().get().nextDouble() - 1);
            return (long) (schedule.interval().toNanos() * swing);
        }

        private void passed(HealthProbe.Verdict verdict) {
            fails = 0;
            passes++;
            boolean first = node.has(Node.CHECKING);
            boolean flipped =
                    node.flag(Node.DEGRADED, verdict == HealthProbe.Verdict.DEGRADED, "check says " + verdict);
            flipped |= node.flag(Node.CHECKING, false, "first check passed");
            if (first || passes >= schedule.passes()) {
                flipped |= node.flag(Node.DOWN, false, "checks passed");
            }
            if (!node.has(Node.DOWN)) {
                flipped |= node.openHalf(settings.ticker().nanoTime(), "check passed");
            }
            if (flipped) {
                changed.accept(node);
            }
        }

        private void failed(String why) {
            passes = 0;
            fails++;
            boolean first = node.flag(Node.CHECKING, false, "first check failed");
            boolean flipped = first;
            if (first || fails >= schedule.fails()) {
                flipped |= node.flag(Node.DOWN, true, "check failed: " + why);
            }
            if (flipped) {
                changed.accept(node);
            }
        }
    }
}
