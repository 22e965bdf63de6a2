package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.HealthProbe.Schedule;
import io.lb4j.HealthProbe.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProberTest {
    private static final Schedule STEADY = Schedule.standard().withJitter(0);

    /** When each endpoint was checked, in ms. */
    private final Map<String, List<Long>> checks = new TreeMap<>();
    /** Those that are not well. */
    private final Set<String> ill = new HashSet<>();
    /** Those whose checks hang. */
    private final Set<String> hanging = new HashSet<>();
    /** The checks that hang. */
    private final Queue<Runnable> hung = new ArrayDeque<>();

    private Bench bench;

    private Verdict check(Endpoint endpoint) {
        if (ill.contains(endpoint.id())) {
            throw new IllegalStateException("ill");
        }
        return Verdict.PASS;
    }

    private Bench bench(Schedule schedule, Supplier<RandomGenerator> random, String... ids) {
        HealthProbe noting = (endpoint, timeout) -> {
            checks.computeIfAbsent(endpoint.id(), id -> new ArrayList<>()).add(bench.time.nanoTime() / 1_000_000);
            return check(endpoint);
        };
        bench = Bench.with(
                builder -> builder.healthProbe(noting, schedule).random(random).probeExecutor(Runnable::run), ids);
        return bench;
    }

    /** With checks that may hang, which is to say that they do not run until the test runs them. */
    private static Bench hangable(Schedule schedule, Set<String> hanging, Queue<Runnable> hung, String... ids) {
        Executor executor = task -> {
            if (hanging.contains(task.toString().replace("check of ", ""))) {
                hung.add(task);
            } else {
                task.run();
            }
        };
        return Bench.with(
                builder -> builder.healthProbe((endpoint, timeout) -> Verdict.PASS, schedule)
                        .random(Bench::latest)
                        .probeExecutor(executor),
                ids);
    }

    private Bench hangable(Schedule schedule, String... ids) {
        return hangable(schedule, hanging, hung, ids);
    }

    private static String[] ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i).toArray(String[]::new);
    }

    private List<Long> checksOf(String id) {
        return checks.getOrDefault(id, List.of());
    }

    // ------------------------------------------------------------------------------------------ when

    @Test
    void nNodesCauseExactlyNChecksPerIntervalAndTheyAreSpread() {
        Random random = new Random(3);
        try (Bench used = bench(STEADY, () -> random, ids(200))) {
            used.advance(0);
            assertEquals(200, checks.size(), "the first checks come at once");
            used.advance(20_000);
            checks.clear();
            used.advance(5_000);
            int[] perHalfSecond = new int[11];
            checks.values().forEach(times -> {
                assertEquals(1, times.size());
                perHalfSecond[(int) ((times.get(0) - 20_000) / 500)]++;
            });
            assertEquals(200, checks.size());
            for (int i = 0; i < 10; i++) { // binomial: 20 on average, standard deviation 4.2
                assertEquals(20, perHalfSecond[i], 21, "half second " + i);
                assertTrue(perHalfSecond[i] > 0, "half second " + i);
            }
        }
    }

    @Test
    void intervalsVaryByTheJitter() {
        Random random = new Random(3);
        try (Bench used = bench(Schedule.standard(), () -> random, "a")) {
            used.advance(600_000);
            List<Long> times = checksOf("a");
            Set<Long> intervals = new HashSet<>();
            for (int i = 2; i < times.size(); i++) {
                intervals.add(times.get(i) - times.get(i - 1));
            }
            assertTrue(intervals.size() > 50, "they differ: " + intervals);
            assertTrue(intervals.stream().allMatch(each -> each >= 4_500 && each <= 5_501), intervals.toString());
            assertEquals(120, times.size(), 4);
        }
    }

    @Test
    void aNodeThatStaysDownIsCheckedMoreAndMoreSeldom() {
        ill.add("a");
        try (Bench used = bench(STEADY, Bench::latest, "a", "b")) {
            used.advance(100_000);
            assertEquals(List.of(0L, 4_999L, 14_999L, 34_999L, 64_999L, 94_999L), checksOf("a"));
            assertEquals(21, checksOf("b").size());
        }
    }

    @Test
    void aPassOfANodeThatIsDownBringsTheIntervalBack() {
        ill.add("a");
        try (Bench used = bench(STEADY, Bench::latest, "a", "b")) {
            used.advance(40_000);
            ill.clear();
            used.advance(35_000);
            assertEquals(List.of(64_999L, 69_999L, 74_999L), checksOf("a").subList(4, 7));
            assertEquals(Node.State.UP, used.node("a").state());
        }
    }

    @Test
    void aResultThatContradictsTheStateIsCheckedAgainSooner() {
        Schedule schedule = STEADY.withChangingInterval(Duration.ofSeconds(1)).withDownInterval(Duration.ofSeconds(5));
        try (Bench used = bench(schedule, Bench::latest, "a", "b", "c")) {
            used.advance(1);
            ill.add("a");
            used.advance(7_500);
            assertEquals(List.of(0L, 4_999L, 5_999L, 6_999L), checksOf("a"));
            assertEquals(Node.State.DOWN, used.node("a").state());
            ill.clear();
            used.advance(6_000);
            assertEquals(List.of(11_999L, 12_999L), checksOf("a").subList(4, 6));
            assertEquals(Node.State.UP, used.node("a").state());
        }
    }

    /** F P F P F leaves the node up, F F F takes it down, P P back; Apache counts otherwise. */
    @Test
    void onlyResultsInARowCount() {
        try (Bench used = bench(STEADY, Bench::latest, "a", "b", "c")) {
            used.advance(1);
            StringBuilder states = new StringBuilder();
            for (char result : "FPFPFFFPP".toCharArray()) {
                ill.clear();
                if (result == 'F') {
                    ill.add("a");
                }
                used.advance(5_000);
                states.append(used.node("a").state()).append(' ');
            }
            assertEquals("UP UP UP UP UP UP DOWN DOWN UP ", states.toString());
        }
    }

    // ------------------------------------------------------------------------------------------ how many

    @Test
    void firstChecksRunAsFastAsThePlacesAllow() {
        hanging.addAll(List.of(ids(100)));
        try (Bench used = hangable(STEADY, ids(100))) {
            used.advance(100);
            assertEquals(64, hung.size(), "at most 64 at once");
            hung.remove().run();
            assertEquals(64, hung.size(), "one ended, one began");
            for (int i = 0; i < 99; i++) {
                hung.remove().run();
            }
            assertEquals(0, hung.size());
            for (String id : ids(100)) {
                assertEquals(Node.State.UP, used.node(id).state());
            }
        }
    }

    @Test
    void checksWhoseTimeIsUpKeepNoPlace() {
        hanging.addAll(List.of("n0", "n1", "n2", "n3"));
        try (Bench used = hangable(STEADY.withAtOnce(2), ids(6))) {
            used.advance(1_900);
            assertEquals(Node.State.CHECKING, used.node("n5").state());
            used.advance(2_200);
            assertEquals(Node.State.UP, used.node("n4").state());
            assertEquals(Node.State.UP, used.node("n5").state());
            assertEquals(Node.State.DOWN, used.node("n0").state());
            used.advance(30_000);
            assertEquals(4, hung.size(), "one check at a time per node");
        }
    }

    // ------------------------------------------------------------------------------------------ hanging

    @Test
    void aHangingCheckFailsAtTheTimeoutAndWithEachFurtherInterval() {
        try (Bench used = hangable(STEADY, "a", "b")) {
            used.advance(1);
            hanging.add("a");
            used.advance(16_900);
            assertEquals(Node.State.UP, used.node("a").state(), "fails at 7 s and 12 s");
            used.advance(200);
            assertEquals(Node.State.DOWN, used.node("a").state(), "fails at 17 s");
            assertEquals(
                    "check failed: no answer within 12000 ms", used.node("a").reason());
        }
    }

    @Test
    void whatAHangingCheckSaysInTheEndIsIgnored() {
        hanging.add("a");
        try (Bench used = hangable(STEADY.withThresholds(1, 1), "a", "b")) {
            used.advance(2_100);
            assertEquals(Node.State.DOWN, used.node("a").state());
            hanging.clear();
            hung.remove().run();
            assertEquals(Node.State.DOWN, used.node("a").state());
            used.advance(4_000);
            assertEquals(Node.State.DOWN, used.node("a").state());
            used.advance(1_000);
            assertEquals(Node.State.UP, used.node("a").state(), "the next check counts");
        }
    }

    @Test
    void aCheckThatExceedsItsTimeIsInterrupted() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        HealthProbe stuck = (endpoint, timeout) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Verdict.PASS;
        };
        try (Bench used = Bench.with(builder -> builder.healthProbe(stuck, STEADY), "a")) {
            used.advance(1);
            assertTrue(running.await(10, TimeUnit.SECONDS));
            used.advance(2_000);
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            assertEquals(Node.State.DOWN, used.node("a").state());
        }
    }

    @Test
    void aProbeThatFailsWithAnErrorIsAFailure() {
        HealthProbe broken = (endpoint, timeout) -> {
            throw new NoClassDefFoundError("com/example/Client");
        };
        try (Bench used =
                Bench.with(builder -> builder.healthProbe(broken, STEADY).probeExecutor(Runnable::run), "a", "b")) {
            used.advance(1);
            assertEquals(
                    "check failed: NoClassDefFoundError: com/example/Client",
                    used.node("a").reason());
        }
    }

    @Test
    void anExecutorThatRefusesIsAskedAgainAfterTheInterval() {
        List<Long> asked = new ArrayList<>();
        Executor full = task -> {
            asked.add(bench.time.nanoTime() / 1_000_000);
            throw new RejectedExecutionException("full");
        };
        HealthProbe probe = (endpoint, timeout) -> Verdict.PASS;
        bench = Bench.with(
                builder ->
                        builder.healthProbe(probe, STEADY).random(Bench::latest).probeExecutor(full),
                "a");
        try (Bench used = bench) {
            used.advance(12_000);
            assertEquals(List.of(0L, 4_999L, 9_999L), asked);
            assertEquals("a", used.next());
            assertEquals(Node.State.CHECKING, used.node("a").state());
        }
    }

    @Test
    void theScheduleSaysWhatItIs() {
        assertEquals(
                "every PT5S (PT5S while changing, up to PT30S while down), jitter 0.1, timeout PT2S, 3 fails, 2 passes,"
                        + " 64 at once",
                Schedule.standard().toString());
    }
}
