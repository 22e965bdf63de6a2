package io.lb4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // the log tells what has run
class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    private Runnable note(String name) {
        return () -> log.add(name + "@" + time.nanoTime());
    }

    @Test
    void timePassesOnlyByAdvance() {
        assertEquals(0, time.nanoTime());
        time.advance(Duration.ofMillis(3));
        assertEquals(3_000_000, time.nanoTime());
        assertEquals(
                Instant.parse("2026-01-01T00:00:00.003Z"), time.instantSource().instant());
    }

    @Test
    void tasksRunInTheOrderOfTheirTimesAndSeeThem() {
        time.schedule(note("late"), 9, TimeUnit.NANOSECONDS);
        time.schedule(note("early"), 4, TimeUnit.NANOSECONDS);
        time.schedule(note("early too"), 4, TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(10));
        assertEquals(List.of("early@4", "early too@4", "late@9"), log);
        assertEquals(10, time.nanoTime());
    }

    @Test
    void taskThatIsNotDueWaits() {
        time.schedule(note("task"), 5, TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(4));
        assertEquals(List.of(), log);
        assertEquals(Optional.of(Duration.ofNanos(1)), time.untilNextTask());
        time.advance(Duration.ofNanos(1));
        assertEquals(List.of("task@5"), log);
        assertEquals(Optional.empty(), time.untilNextTask());
    }

    @Test
    void executedTaskRunsInTheNextAdvanceOnItsThread() {
        time.execute(note("now"));
        assertEquals(List.of(), log);
        time.advance(Duration.ZERO);
        assertEquals(List.of("now@0"), log);
    }

    @Test
    void taskMayScheduleWhatIsDueInTheSameAdvance() {
        time.schedule(() -> time.schedule(note("second"), 3, TimeUnit.NANOSECONDS), 2, TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(5));
        assertEquals(List.of("second@5"), log);
    }

    @Test
    void periodicTaskRunsAsOftenAsItIsDue() {
        time.scheduleAtFixedRate(note("rate"), 1, 3, TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(8));
        assertEquals(List.of("rate@1", "rate@4", "rate@7"), log);
        assertEquals(1, time.waiting());
    }

    @Test
    void delayCountsFromTheEndOfThePeriodicTask() {
        time.scheduleWithFixedDelay(note("delay"), 0, 2, TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(4));
        assertEquals(List.of("delay@0", "delay@2", "delay@4"), log);
    }

    @Test
    void periodicTaskEndsWhenItThrows() {
        ScheduledFuture<?> task = time.scheduleAtFixedRate(
                () -> {
                    log.add("once");
                    throw new IllegalStateException("boom");
                },
                0,
                1,
                TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(5));
        assertEquals(List.of("once"), log);
        assertEquals(0, time.waiting());
        assertThrows(ExecutionException.class, task::get);
    }

    @Test
    void periodicTaskMayCancelItself() {
        List<ScheduledFuture<?>> self = new ArrayList<>();
        self.add(time.scheduleAtFixedRate(
                () -> {
                    log.add("once");
                    self.get(0).cancel(false);
                },
                0,
                1,
                TimeUnit.NANOSECONDS));
        time.advance(Duration.ofNanos(5));
        assertEquals(List.of("once"), log);
        assertEquals(0, time.waiting());
    }

    @Test
    void cancelledTaskDoesNotRun() {
        ScheduledFuture<?> task = time.schedule(note("task"), 1, TimeUnit.NANOSECONDS);
        assertTrue(task.cancel(true));
        assertTrue(task.isCancelled());
        assertFalse(task.cancel(true));
        time.advance(Duration.ofNanos(2));
        assertEquals(List.of(), log);
    }

    @Test
    void futureHasTheResult() throws Exception {
        Future<String> submitted = time.submit(() -> "submitted");
        Future<String> scheduled = time.schedule(() -> "scheduled", 1, TimeUnit.NANOSECONDS);
        time.advance(Duration.ZERO);
        assertEquals("submitted", submitted.get());
        assertFalse(scheduled.isDone());
        time.advance(Duration.ofNanos(1));
        assertEquals("scheduled", scheduled.get());
    }

    @Test
    void exceptionOfAnExecutedTaskEndsTheAdvance() {
        time.execute(() -> {
            throw new IllegalStateException("boom");
        });
        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> time.advance(Duration.ofNanos(7)));
        assertEquals("boom", thrown.getMessage());
        assertEquals(0, time.nanoTime());
        time.advance(Duration.ofNanos(7));
        assertEquals(7, time.nanoTime());
    }

    @Test
    void timeMayWrap() {
        VirtualTime wrapping = new VirtualTime(Long.MAX_VALUE - 1, Instant.EPOCH);
        wrapping.schedule(() -> log.add("after"), 5, TimeUnit.NANOSECONDS);
        wrapping.schedule(() -> log.add("before"), 1, TimeUnit.NANOSECONDS);
        wrapping.advance(Duration.ofNanos(5));
        assertEquals(List.of("before", "after"), log);
        assertEquals(Long.MIN_VALUE + 3, wrapping.nanoTime());
        assertEquals(Instant.ofEpochSecond(0, 5), wrapping.instantSource().instant());
    }

    @Test
    void timeNeverRunsBackwards() {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> time.advance(Duration.ofNanos(-1)));
        assertEquals("duration: PT-0.000000001S (expected: 0 to 146 years)", thrown.getMessage());
    }

    @Test
    void taskMayNotAdvanceTheTime() {
        Future<?> task = time.submit(() -> time.advance(Duration.ofNanos(1)));
        time.advance(Duration.ZERO);
        ExecutionException thrown = assertThrows(ExecutionException.class, task::get);
        assertEquals(IllegalStateException.class, thrown.getCause().getClass());
        assertEquals(0, time.nanoTime());
    }

    @Test
    void shutdownCancelsPeriodicTasksAndRefusesNewOnes() {
        time.schedule(note("once"), 2, TimeUnit.NANOSECONDS);
        time.scheduleAtFixedRate(note("rate"), 1, 1, TimeUnit.NANOSECONDS);
        time.shutdown();
        assertThrows(RejectedExecutionException.class, () -> time.execute(note("refused")));
        assertFalse(time.isTerminated());
        time.advance(Duration.ofNanos(3));
        assertEquals(List.of("once@2"), log);
        assertTrue(time.awaitTermination(1, TimeUnit.DAYS));
    }

    @Test
    void periodicTaskThatShutsDownRunsNoMore() {
        time.scheduleAtFixedRate(time::shutdown, 1, 1, TimeUnit.NANOSECONDS);
        time.advance(Duration.ofNanos(3));
        assertTrue(time.isTerminated());
    }

    @Test
    void closeDropsWhatWaits() {
        time.schedule(note("dropped"), 1, TimeUnit.NANOSECONDS);
        time.close();
        time.advance(Duration.ofNanos(2));
        assertEquals(List.of(), log);
        assertTrue(time.isTerminated());
    }

    @Test
    void callsThatWouldWaitForEverAreRefused() {
        assertThrows(UnsupportedOperationException.class, () -> time.invokeAll(List.of(() -> "a")));
        assertThrows(UnsupportedOperationException.class, () -> time.invokeAny(List.of(() -> "a")));
    }

    @Test
    void readersOnOtherThreadsSeeTimeGoForward() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicBoolean monotonic = new AtomicBoolean(true);
        Thread reader = new Thread(() -> {
            long last = 0;
            while (last < 1_000_000) {
                reading.countDown();
                long now = time.nanoTime();
                if (now < last) {
                    monotonic.set(false);
                }
                last = now;
            }
        });
        reader.start();
        reading.await();
        time.scheduleAtFixedRate(() -> {}, 0, 7, TimeUnit.NANOSECONDS);
        for (int i = 0; i < 1_000; i++) {
            time.advance(Duration.ofNanos(1_000));
        }
        reader.join();
        assertTrue(monotonic.get());
    }
}
