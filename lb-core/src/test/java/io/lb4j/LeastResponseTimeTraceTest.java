package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What nodes measure and cost, step by step against the reference model of the algorithm (LETA). */
class LeastResponseTimeTraceTest {
    private static final double RELATIVE = 1e-9;
    /** The files are made by a script, so their members are always in this order. */
    private static final Pattern STEP = Pattern.compile("\"t\": (\\d+),\\s*\"op\": \"(\\w+)\",\\s*\"ep\": (\\d+),\\s*"
            + "(?:\"latency\": (\\d+),\\s*\"ok\": (\\w+),\\s*)?\"costs\": \\[([^]]*)],\\s*\"available\": \\[([^]]*)]");

    private record Step(
            long time, String op, int node, long latency, boolean ok, List<Double> costs, List<Boolean> available) {
        static Step of(MatchResult match) {
            return new Step(
                    Long.parseLong(match.group(1)),
                    match.group(2),
                    Integer.parseInt(match.group(3)),
                    match.group(4) == null ? 0 : Long.parseLong(match.group(4)),
                    Boolean.parseBoolean(match.group(5)),
                    elements(match.group(6), Double::valueOf),
                    elements(match.group(7), Boolean::valueOf));
        }
    }

    private static <T> List<T> elements(String array, Function<String, T> value) {
        return Arrays.stream(array.strip().split(",\\s*")).map(value).toList();
    }

    private static List<Step> steps(String file) throws IOException {
        try (InputStream in = LeastResponseTimeTraceTest.class.getResourceAsStream("/vectors/" + file)) {
            String text = new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
            return STEP.matcher(text).results().map(Step::of).toList();
        }
    }

    /** Repeats a trace on the nodes of a LoadBalancer. */
    private static final class Replay implements AutoCloseable {
        final Bench bench;
        final List<Node> nodes = new ArrayList<>();
        /** For each node its leases by their starts, which are all different. */
        final List<Map<Long, Lease>> open = new ArrayList<>();

        Replay(int size) {
            String[] ids = IntStream.range(0, size).mapToObj(i -> "n" + i).toArray(String[]::new);
            bench = Bench.with(ids);
            for (String id : ids) {
                nodes.add(bench.node(id));
                open.add(new HashMap<>());
            }
        }

        void moveTo(Step step) {
            bench.time.advance(Duration.ofNanos(step.time() - bench.time.nanoTime()));
        }

        void run(Step step) {
            moveTo(step);
            switch (step.op()) {
                case "start" -> open.get(step.node()).put(step.time(), start(nodes.get(step.node())));
                case "end" -> {
                    Lease lease = open.get(step.node()).remove(step.time() - step.latency());
                    lease.report(step.ok() ? Outcome.SUCCESS : Outcome.FAILURE);
                    lease.close();
                }
                default -> assertEquals("look", step.op());
            }
        }

        private Lease start(Node node) {
            if (!node.isEjected()) {
                return node.acquire();
            }
            long now = bench.time.nanoTime();
            assertTrue(node.beginTrial(now) && node.begin(now), "the trace tries a node that is not half-open");
            return new Lease(node, now, Lease.TRIAL);
        }

        void check(int number, Step step) {
            long now = bench.time.nanoTime();
            for (int i = 0; i < nodes.size(); i++) {
                double expected = step.costs().get(i);
                String where = "cost of node " + i + " after step " + number;
                assertEquals(expected, nodes.get(i).expectedCost(now), RELATIVE * expected, where);
                assertEquals(step.available().get(i), isAvailable(nodes.get(i), now), "is node " + i + " available");
            }
        }

        void checkCheapest(Node picked) {
            long now = bench.time.nanoTime();
            double[] costs =
                    nodes.stream().mapToDouble(node -> node.expectedCost(now)).toArray();
            double least = Arrays.stream(costs).min().orElseThrow();
            assertEquals(least, picked.expectedCost(now), RELATIVE * least, () -> Arrays.toString(costs));
        }

        private static boolean isAvailable(Node node, long now) {
            return !node.isEjected() || node.awaitsTrial(now);
        }

        @Override
        public void close() {
            bench.close();
        }
    }

    private static void replay(String file, int size, int length) throws IOException {
        List<Step> steps = steps(file);
        assertEquals(length, steps.size());
        try (Replay replay = new Replay(size)) {
            for (int i = 0; i < length; i++) {
                replay.run(steps.get(i));
                replay.check(i, steps.get(i));
            }
        }
    }

    @Test
    void costsAgreeWithTheModelInEachStep() throws IOException {
        replay("leta_trace.json", 4, 160);
    }

    @Test
    void costsAgreeWithTheModelThroughEjectionTrialSlowStartAndHanging() throws IOException {
        replay("leta_trace_ejection.json", 3, 77);
    }

    @Test
    void everyPickOfTheModelIsOneOfTheCheapestAndSoIsOurs() throws IOException {
        try (Replay replay = new Replay(4)) {
            NodeSet nodes = replay.bench.balancer.nodes();
            Balancer prepared = Balancers.leastResponseTime().prepare(nodes);
            for (Step step : steps("leta_trace.json")) {
                if (step.op().equals("start")) {
                    replay.moveTo(step);
                    Node ours = prepared.pick(nodes, RequestContext.none(), step.time());
                    replay.checkCheapest(replay.nodes.get(step.node()));
                    replay.checkCheapest(Objects.requireNonNull(ours));
                }
                replay.run(step);
            }
        }
    }
}
