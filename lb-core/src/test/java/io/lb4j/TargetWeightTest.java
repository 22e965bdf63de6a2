package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetWeightTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static double weight(Bench bench, String id) {
        NodeSet all = bench.balancer.nodes();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).endpoint().id().equals(id)) {
                return all.weight(i);
            }
        }
        throw new AssertionError(id);
    }

    @Test
    void replacesTheConfiguredWeightUntilItsTimeIsOver() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.node("a").targetWeight(3, TEN_SECONDS);
            bench.advance(100);
            assertEquals(3, weight(bench, "a"));
            assertEquals(1, weight(bench, "b"));
            bench.advance(9_800);
            assertEquals(3, weight(bench, "a"));
            bench.advance(200);
            assertEquals(1, weight(bench, "a"));
        }
    }

    @Test
    void sayingItAgainProlongsIt() {
        try (Bench bench = Bench.with("a", "b")) {
            for (int i = 0; i < 5; i++) {
                bench.node("a").targetWeight(3, TEN_SECONDS);
                bench.advance(8_000);
            }
            assertEquals(3, weight(bench, "a"));
            bench.advance(2_100);
            assertEquals(1, weight(bench, "a"));
        }
    }

    @Test
    void noiseDoesNotMakeTheNextPlan() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.node("a").targetWeight(3, TEN_SECONDS);
            bench.advance(100);
            long version = bench.balancer.nodes().version();
            bench.node("a").targetWeight(3.02, TEN_SECONDS);
            bench.advance(100);
            assertEquals(version, bench.balancer.nodes().version());
            bench.node("a").targetWeight(3.04, TEN_SECONDS);
            bench.advance(100);
            assertEquals(3.04, weight(bench, "a"), "measured from what is in effect, so that it cannot creep away");
        }
    }

    @Test
    void anOperatorsWeightWins() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.balancer.reweight("a", 7);
            bench.node("a").targetWeight(3, TEN_SECONDS);
            bench.advance(100);
            assertEquals(7, weight(bench, "a"));
            bench.balancer.resetWeight("a");
            assertEquals(3, weight(bench, "a"));
        }
    }

    @Test
    void zeroTakesOutGentlyAndTheNodeComesBackByItself() {
        try (Bench bench = Bench.with("a", "b")) {
            assertEquals("a", bench.next());
            bench.node("a").targetWeight(0, TEN_SECONDS);
            bench.advance(100);
            assertEquals("b", bench.next());
            bench.advance(10_000);
            assertEquals("a", bench.next());
        }
    }

    @Test
    void ifAllAskForZeroNoneIsHeeded() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.node("a").targetWeight(0, TEN_SECONDS);
            bench.advance(100);
            bench.node("b").targetWeight(0, TEN_SECONDS);
            bench.advance(100);
            assertEquals("a", bench.next());
            bench.balancer.disable("b");
            assertEquals("a", bench.next());
        }
    }

    @Test
    void theLastOneServesWhateverItAsksFor() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.node("a").targetWeight(0, TEN_SECONDS);
            bench.advance(100);
            assertEquals("b", bench.next());
            bench.balancer.disable("b");
            assertEquals("a", bench.next());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void badWeightsAreRefused(double weight) {
        try (Bench bench = Bench.with("a")) {
            Node node = bench.node("a");
            assertEquals(
                    "weight: " + weight + " (expected: >= 0 and finite)",
                    assertThrows(IllegalArgumentException.class, () -> node.targetWeight(weight, TEN_SECONDS))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> node.targetWeight(1, Duration.ZERO));
            bench.advance(100);
            assertEquals(1, weight(bench, "a"));
        }
    }

    @Test
    void sayingItAgainMayAlsoShortenIt() {
        try (Bench bench = Bench.with("a", "b")) {
            bench.node("a").targetWeight(3, Duration.ofHours(1));
            bench.advance(100);
            bench.node("a").targetWeight(3, TEN_SECONDS);
            bench.advance(9_900);
            assertEquals(3, weight(bench, "a"));
            bench.advance(200);
            assertEquals(1, weight(bench, "a"));
        }
    }
}
