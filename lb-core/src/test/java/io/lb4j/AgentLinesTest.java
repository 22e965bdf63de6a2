package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.HealthProbe.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lines of HAProxy's agent checks, heeded by a probe of the user's as docs/health-http.md says. */
class AgentLinesTest {
    private static final RequestContext ALICE = RequestContext.ofSession("alice");

    /** Alice's session is with a. */
    private static final StickinessPolicy BOUND = new StickinessPolicy() {
        @Override
        public @Nullable Node lookup(String session, NodeSet all, long nowNanos) {
            return all.find("a");
        }

        @Override
        public void bind(String session, Node node, long nowNanos) {}

        @Override
        public void forget(Node node) {}
    };

    private final Map<String, String> lines = new HashMap<>();
    /** Those that have said so, and not yet that they are up. */
    private final Set<String> down = new HashSet<>();

    private final Bench bench = Bench.with(
            builder -> builder.stickiness(BOUND, SessionFallback.REBIND)
                    .healthProbe(
                            this::check,
                            HealthProbe.Schedule.standard()
                                    .withJitter(0)
                                    .withThresholds(1, 1)
                                    .withDownInterval(Duration.ofSeconds(5)))
                    .random(Bench::latest)
                    .probeExecutor(Runnable::run),
            "a",
            "b");

    @AfterEach
    void close() {
        bench.close();
    }

    private Verdict check(Endpoint endpoint, Duration timeout) {
        String line = lines.getOrDefault(endpoint.id(), "");
        if (line.endsWith("\n")) {
            for (String word : line.strip().split("[ \t,]+")) {
                heed(endpoint, word);
            }
        }
        if (down.contains(endpoint.id())) {
            throw new IllegalStateException("its agent said so");
        }
        return Verdict.PASS;
    }

    private void heed(Endpoint endpoint, String word) {
        String id = endpoint.id();
        switch (word) {
            case "up" -> down.remove(id);
            case "down", "fail", "stopped" -> down.add(id);
            case "drain" -> {
                var ignored = bench.balancer.drain(id, Duration.ofDays(1));
            }
            case "maint" -> bench.balancer.disable(id);
            case "ready" -> bench.balancer.enable(id);
            default -> {
                if (word.matches("\\d+%")) {
                    double part = Integer.parseInt(word.substring(0, word.length() - 1)) / 100.0;
                    bench.node(id).targetWeight(part * endpoint.weight(), Duration.ofSeconds(30));
                }
            }
        }
    }

    /** a's agent says this from now on; its next check is over. */
    private Node.State says(String line) {
        lines.put("a", line);
        bench.advance(11_000);
        return bench.node("a").state();
    }

    private double weight() {
        NodeSet all = bench.balancer.nodes();
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i) == bench.node("a"))
                .mapToDouble(all::weight)
                .sum();
    }

    @Test
    void percentIsAPartOfTheConfiguredWeight() {
        assertEquals(Node.State.UP, says("up ready 75%\n"));
        assertEquals(0.75, weight());
    }

    @Test
    void zeroPercentLeavesTheSessionsOnly() {
        says("0%\n");
        assertEquals("b", bench.next());
        assertEquals("a", bench.next(ALICE));
    }

    @Test
    void drainIsUndoneByReadyAndNotByUp() {
        assertEquals(Node.State.DRAINING, says("drain\n"));
        assertEquals("a", bench.next(ALICE));
        assertEquals("b", bench.next());
        assertEquals(Node.State.DRAINING, says("up\n"));
        assertEquals(Node.State.UP, says("ready\n"));
        assertEquals("a", bench.next());
    }

    @Test
    void downIsUndoneByUpAndNotByReady() {
        assertEquals(Node.State.DOWN, says("down\n"));
        assertEquals(Node.State.DOWN, says("ready\n"));
        assertEquals(Node.State.UP, says("up\n"));
        assertEquals(Node.State.DISABLED, says("maint\n"));
        assertEquals(Node.State.DISABLED, says("up\n"));
    }

    @Test
    void lineWithoutItsEndAndUnknownWordsChangeNothing() {
        assertEquals(Node.State.UP, says("maint 10%"));
        assertEquals(Node.State.UP, says("teapot\n"));
        assertEquals(1, weight());
    }
}
