package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {
    private final VirtualTime time = new VirtualTime();

    private RetryBudget standard() {
        return new RetryBudget(0.2, 10, time);
    }

    private static int withdrawAll(RetryBudget budget) {
        int count = 0;
        while (budget.tryWithdraw()) {
            count++;
        }
        return count;
    }

    /** Finagle's figures: retry_budget.json of the reference vectors. */
    @ParameterizedTest
    @CsvSource({"0, 100", "5, 101", "100, 120", "1000, 300"})
    void retriesAvailableAfterDeposits(int deposits, int retries) {
        RetryBudget budget = standard();
        for (int i = 0; i < deposits; i++) {
            budget.deposit();
        }
        assertEquals(retries, budget.available());
        assertEquals(retries, withdrawAll(budget));
    }

    @Test
    void depositsExpireAfterTenSeconds() {
        RetryBudget budget = standard();
        for (int i = 0; i < 1000; i++) {
            budget.deposit();
        }
        time.advance(Duration.ofSeconds(9));
        assertEquals(300, budget.available());
        time.advance(Duration.ofSeconds(2));
        assertEquals(100, budget.available());
    }

    @Test
    void withdrawalsAreForgivenAfterTenSeconds() {
        RetryBudget budget = standard();
        assertEquals(100, withdrawAll(budget));
        time.advance(Duration.ofSeconds(9));
        assertFalse(budget.tryWithdraw());
        time.advance(Duration.ofSeconds(2));
        assertEquals(100, budget.available());
    }

    @Test
    void longSilenceLeavesTheReserve() {
        RetryBudget budget = standard();
        assertEquals(100, withdrawAll(budget));
        time.advance(Duration.ofDays(1000));
        assertEquals(100, withdrawAll(budget));
    }

    @Test
    void withoutRatioOnlyTheReserveCounts() {
        RetryBudget budget = new RetryBudget(0, 1, time);
        budget.deposit();
        assertEquals(10, withdrawAll(budget));
    }

    @Test
    void withoutReserveOnlyTheRatioCounts() {
        RetryBudget budget = new RetryBudget(0.5, 0, time);
        assertFalse(budget.tryWithdraw());
        budget.deposit();
        assertFalse(budget.tryWithdraw());
        budget.deposit();
        assertTrue(budget.tryWithdraw());
        assertFalse(budget.tryWithdraw());
    }

    @Test
    @Tag("storm")
    void concurrentWithdrawalsTakeNoMoreThanThereIs() throws InterruptedException {
        RetryBudget budget = standard();
        AtomicInteger taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    budget.deposit();
                    taken.addAndGet(budget.tryWithdraw() ? 1 : 0);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(100 + 80_000 / 5, taken.get() + withdrawAll(budget));
    }

    /** Envoy's figures: max(0.2 * calls rounded down, 3). */
    @ParameterizedTest
    @CsvSource({"0, 3", "15, 3", "16, 3", "100, 20", "1000, 200"})
    void retriesAtOnceByCallsAtOnce(int calls, int retries) {
        RetriesAtOnce limit = new RetriesAtOnce(0.2, 3);
        for (int i = 0; i < calls; i++) {
            limit.callBegins();
        }
        assertEquals(retries, limit.limit());
        for (int i = 0; i < retries; i++) {
            assertTrue(limit.tryRetry());
        }
        assertFalse(limit.tryRetry());
        limit.retryEnds();
        assertTrue(limit.tryRetry());
        limit.retryEnds();
        for (int i = 0; i < calls; i++) {
            limit.callEnds();
        }
        assertEquals(3, limit.limit());
    }

    @Test
    void backOffDoublesUpToItsLimitWithFullJitter() {
        RetryRule rule = RetryRule.standard();
        long ms = 1_000_000;
        assertEquals(0, rule.backOffNanos(1, 0));
        assertEquals(12_500_000, rule.backOffNanos(1, 0.5));
        assertEquals(25 * ms, rule.backOffNanos(2, 0.5));
        assertEquals(50 * ms, rule.backOffNanos(3, 0.5));
        assertEquals(125 * ms, rule.backOffNanos(5, 0.5));
        assertEquals(125 * ms, rule.backOffNanos(99, 0.5));
        assertEquals(0, rule.withBackOff(Duration.ZERO, Duration.ZERO).backOffNanos(3, 0.9));
    }
}
