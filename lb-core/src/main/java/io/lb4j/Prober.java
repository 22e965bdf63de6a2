package io.lb4j;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when each node is checked, and runs at most a set number of checks at once.
 *
 * <p>Confined to the Roster, to which results and alarms come back as tasks; only the checks themselves run elsewhere, on
 * daemon threads that exist only while they have work.
 */
final class Prober {
    private final Settings settings;
    private final HealthProbe probe;
    private final HealthProbe.Schedule schedule;
    private final ScheduledExecutorService scheduler;
    private final Executor roster;
    private final Runnable changed;
    private final Executor executor;
    private final @Nullable ThreadPoolExecutor own;
    private final Map<Node, Watch> watches = new HashMap<>();
    /** Those whose check is due, and waits for a place. */
    private final Queue<Watch> due = new ArrayDeque<>();
    /** Checks that run and whose time is not up. */
    private int running;

    /**
     * Makes a prober.
     *
     * @param roster runs tasks one at a time
     * @param changed is run when a check has changed the state of a node
     */
    Prober(
            Settings settings,
            HealthProbe probe,
            ScheduledExecutorService scheduler,
            Executor roster,
            Runnable changed) {
        this.settings = settings;
        this.probe = probe;
        this.schedule = settings.probeSchedule();
        this.scheduler = scheduler;
        this.roster = roster;
        this.changed = changed;
        Executor given = settings.probeExecutor();
        this.own = given == null ? DaemonThreads.cached("lb4j-" + settings.name() + "-probe") : null;
        this.executor = given == null ? Objects.requireNonNull(own) : given;
    }

    void watch(Node node) {
        node.flag(Node.CHECKING, true, "not checked yet");
        Watch watch = new Watch(node);
        watches.put(node, watch);
        watch.next = alarm(watch::checkNow, 0);
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

    private void startDue() {
        while (running < schedule.atOnce() && !due.isEmpty()) {
            due.remove().start();
        }
    }

    private @Nullable Future<?> alarm(Runnable task, long nanos) {
        try {
            return scheduler.schedule(() -> roster.execute(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // the scheduler is shut down: whoever owns it wants no more checks
        }
    }

    private static void cancel(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private long now() {
        return settings.ticker().nanoTime();
    }

    private double random() {
        return settings.random().get().nextDouble();
    }

    /** The checks of one node, one at a time. */
    private final class Watch {
        private final ProbeCount count;
        private final Node node;
        private boolean ended;
        private boolean spread;
        private @Nullable Future<?> next;
        private @Nullable ProbeRun run;
        private @Nullable Future<?> watchdog;
        private long startedAt;
        /** Whether the check that runs has its result, if only that its time is up. */
        private boolean settled;

        Watch(Node node) {
            this.node = node;
            this.count = new ProbeCount(node, schedule);
        }

        void end() {
            ended = true;
            cancel(next);
            if (run != null) {
                run.cancel(true);
            }
        }

        void checkNow() {
            if (!ended) {
                due.add(this);
                startDue();
            }
        }

        void start() {
            if (ended) {
                return;
            }
            startedAt = now();
            settled = false;
            running++;
            watchdog = alarm(this::overdue, schedule.timeout().toNanos());
            ProbeRun started = new ProbeRun(
                    node,
                    () -> probe.check(node.endpoint(), schedule.timeout()),
                    done -> roster.execute(() -> done(done)));
            run = started;
            try {
                executor.execute(started);
            } catch (RejectedExecutionException e) { // it may only be busy; the scheduler tells when all is over
                cancel(watchdog);
                run = null;
                settle();
                next = alarm(this::checkNow, pause());
            }
        }

        private void done(ProbeRun finished) {
            cancel(watchdog);
            run = null;
            if (!settled) {
                settle();
                if (!ended) {
                    boolean wasDown = node.has(Node.DOWN);
                    took(wasDown, count.take(finished));
                }
            }
            startDue();
            if (!ended) {
                next = alarm(this::checkNow, pause());
            }
        }

        /** The time of a check is up, for the first time or again. */
        private void overdue() {
            ProbeRun hanging = run;
            if (hanging == null) {
                return;
            }
            if (!settled) {
                settle();
                hanging.cancel(true);
                startDue();
            }
            if (!ended) {
                Duration since = Duration.ofNanos(now() - startedAt);
                took(false, count.failed("no answer within " + since.toMillis() + " ms"));
                watchdog = alarm(this::overdue, schedule.interval().toNanos());
            }
        }

        private void settle() {
            settled = true;
            running--;
        }

        private void took(boolean wasDown, boolean flipped) {
            if (flipped && !node.has(Node.DOWN)) {
                rampUp(wasDown);
            }
            boolean opened = !node.has(Node.DOWN) && count.passedLast() && node.openHalf(now(), "check passed");
            if (flipped || opened) {
                changed.run();
            }
        }

        /** A node that was down, or has joined and been booting until now, starts slowly if the others can bear it. */
        private void rampUp(boolean wasDown) {
            if (wasDown ? othersAreWarm() : node.isRamping(now())) {
                node.ramp(now(), 0);
            }
        }

        private boolean othersAreWarm() {
            long warm = watches.keySet().stream()
                    .filter(other ->
                            other != node && !other.has(Node.UNUSABLE | Node.CHECKING) && !other.isRamping(now()))
                    .count();
            return warm > 0 && warm * 2 >= watches.size() - 1;
        }

        private long pause() {
            if (!spread) {
                spread = true;
                return (long) (schedule.interval().toNanos() * random());
            }
            double swing = 1 + schedule.jitter() * (2 * random() - 1);
            return Math.max(0, (long) (count.intervalNanos() * swing) - (now() - startedAt));
        }
    }
}
