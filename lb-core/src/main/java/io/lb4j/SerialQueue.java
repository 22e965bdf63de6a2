package io.lb4j;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other without a lock.
 *
 * <p>The thread that finds nothing running runs its task and all that others add meanwhile; the others return at once.
 * So a task may call user code, and user code may add tasks, without any risk of deadlock. What one task wrote, the
 * next one sees.
 */
final class SerialQueue {
    private static final System.Logger LOG = System.getLogger("io.lb4j");

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Tasks added and not finished; whoever raises it from 0 runs them. */
    private final AtomicInteger pending = new AtomicInteger();

    void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        do {
            runNext();
        } while (pending.decrementAndGet() != 0);
    }

    private void runNext() {
        Runnable task = tasks.poll();
        try {
            if (task != null) {
                task.run();
            }
        } catch (Throwable e) { // user code may throw anything; a queue that nobody runs would be the end of its owner
            LOG.log(System.Logger.Level.ERROR, "a task failed; the state before it stands", e);
        }
    }
}
