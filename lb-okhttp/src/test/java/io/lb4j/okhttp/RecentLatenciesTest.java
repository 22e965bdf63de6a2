package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentLatenciesTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final VirtualTime time = new VirtualTime();
    private final RecentLatencies latencies = new RecentLatencies(time);

    private void record(long nanos, int times) {
        for (int i = 0; i < times; i++) {
            latencies.record(nanos);
        }
    }

    private static void within16th(long expected, long actual) {
        assertTrue(actual >= expected && actual <= expected + expected / 16 + 1, actual + " for " + expected);
    }

    @Test
    void fewSamplesSayNothing() {
        record(MS, 99);
        assertEquals(0, latencies.quantile(0.95));
        record(MS, 1);
        within16th(MS, latencies.quantile(0.95));
    }

    @Test
    void rareSlowOnesDoNotCountUntilTheyAreMoreThanTheRest() {
        record(MS, 960);
        record(500 * MS, 40);
        within16th(MS, latencies.quantile(0.95));
        record(500 * MS, 20);
        within16th(500 * MS, latencies.quantile(0.95));
    }

    /** Against the exact quantile of random samples, over all magnitudes. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.9, 0.95, 0.99, 0.999})
    void quantileIsAtMostASixteenthTooHighAndNeverTooLow(double part) {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            RecentLatencies some = new RecentLatencies(time);
            long[] samples = new long[100 + random.nextInt(3000)];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (long) Math.pow(2, 10 + random.nextDouble() * 29);
                some.record(samples[i]);
            }
            Arrays.sort(samples);
            long above = (long) (samples.length * (1 - part));
            within16th(samples[samples.length - 1 - (int) above], some.quantile(part));
        }
    }

    @Test
    void extremesAreHeldInTheOuterBuckets() {
        record(0, 100);
        assertTrue(latencies.quantile(0.95) <= 2_000, "1 us");
        record(Long.MAX_VALUE, 1000);
        assertTrue(latencies.quantile(0.95) >= Duration.ofMinutes(18).toNanos(), "18 min");
    }

    @Test
    void oldSamplesAreForgotten() {
        record(500 * MS, 1000);
        time.advance(Duration.ofSeconds(31));
        record(MS, 100);
        within16th(500 * MS, latencies.quantile(0.95));
        time.advance(Duration.ofSeconds(30));
        within16th(MS, latencies.quantile(0.95));
        time.advance(Duration.ofDays(400));
        assertEquals(0, latencies.quantile(0.95));
    }

    @Test
    @Tag("storm")
    void noSampleIsLostBetweenThreads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            long nanos = t == 0 ? 100 * MS : MS;
            Thread thread = new Thread(() -> record(nanos, 20_000));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        within16th(MS, latencies.quantile(0.7499));
        within16th(100 * MS, latencies.quantile(0.7501));
    }
}
