package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final int THREADS = 4;
    private static final int MOVES = 100_003;
    private static final int PLACES = 10;

    @Test
    void stripeIsAnExactCycleForItsThread() {
        Cursor cursor = new Cursor(0);
        cursor.split();
        int start = cursor.next(7);
        for (int i = 1; i < 30; i++) {
            assertEquals((start + i) % 7, cursor.next(7));
        }
    }

    @Test
    void lengthMayChangeFromCallToCall() {
        Cursor cursor = new Cursor(9);
        assertEquals(9, cursor.next(10));
        assertEquals(10 % 3, cursor.next(3));
        assertEquals(2, cursor.next(10));
    }

    @Test
    void collisionsThatComeOneAfterTheOtherSplitThePlace() {
        Cursor cursor = new Cursor(0);
        for (int i = 1; i < 32; i++) {
            assertFalse(cursor.collided(i * 30_000L));
        }
        assertTrue(cursor.collided(960_000));
    }

    @Test
    void rareCollisionsNeverSplitThePlace() {
        Cursor cursor = new Cursor(0);
        for (int i = 1; i < 10_000; i++) {
            assertFalse(cursor.collided(i * 40_000L));
        }
    }

    @Test
    @Tag("storm")
    void twoThreadsThatDoNothingElseAreSoonApart() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor has no collisions");
        Cursor cursor = new Cursor(0);
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<Boolean> moving = () -> {
            start.await();
            for (int i = 0; i < 100_000_000 && !cursor.isSplit(); i++) {
                cursor.next(PLACES);
            }
            return cursor.isSplit();
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Boolean> split : threads.invokeAll(List.of(moving, moving))) {
                assertTrue(split.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @Tag("storm")
    void threadsThatCollideShareTheCycleEvenly() throws Exception {
        assertEven(new Cursor(Integer.MAX_VALUE - 5));
    }

    @Test
    @Tag("storm")
    void threadsOnStripesShareTheCycleEvenly() throws Exception {
        Cursor cursor = new Cursor(3);
        cursor.split();
        assertEven(cursor);
    }

    /** Each stripe a thread was on, and the shared place before, contributes at most one pick more for one place than another. */
    private static void assertEven(Cursor cursor) throws Exception {
        int[] counts = new int[PLACES];
        for (int[] ofThread : moveFromManyThreads(cursor)) {
            IntStream.range(0, PLACES).forEach(i -> counts[i] += ofThread[i]);
        }
        assertEquals(THREADS * MOVES, Arrays.stream(counts).sum());
        int spread = Arrays.stream(counts).max().getAsInt()
                - Arrays.stream(counts).min().getAsInt();
        assertTrue(spread <= THREADS + 1, () -> Arrays.toString(counts));
    }

    private static List<int[]> moveFromManyThreads(Cursor cursor) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<int[]> moving = () -> {
            int[] counts = new int[PLACES];
            start.await();
            for (int i = 0; i < MOVES; i++) {
                counts[cursor.next(PLACES)]++;
            }
            return counts;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<int[]> results = new ArrayList<>();
            for (Future<int[]> result : threads.invokeAll(List.of(moving, moving, moving, moving))) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
