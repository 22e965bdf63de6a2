package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What tiers are made of as health changes, and whose cursor each tier goes on with. */
class TierContinuityTest {
    private final Map<String, List<String>> prepared = new TreeMap<>();

    /** Goes by the name of the tier it was prepared for first, and writes down what it is prepared for later. */
    private final class Named implements Balancer {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public Balancer prepare(NodeSet candidates) {
            StringBuilder ids = new StringBuilder();
            candidates.forEach(node -> ids.append(node.endpoint().id()));
            Named next = name.isEmpty() ? new Named(ids.toString()) : this;
            prepared.computeIfAbsent(next.name, same -> new ArrayList<>()).add(ids.toString());
            return next;
        }

        @Override
        public Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
            return candidates.get(0);
        }
    }

    private Bench bench(Endpoint... endpoints) {
        return new Bench(
                builder -> builder.slowStart(Duration.ZERO, 1), MutableEndpointSource.of(endpoints), new Named(""));
    }

    private static Endpoint backup(String id) {
        return Bench.endpoint(id).withPriority(1);
    }

    private static void set(Bench bench, int flag, boolean on, String... ids) {
        for (String id : ids) {
            bench.node(id).flag(flag, on, "as the test wants");
        }
        bench.balancer.resetWeight("z"); // makes the plan again
    }

    // ------------------------------------------------------------------------------------------ cursors

    @Test
    void aTierThatVanishesHandsItsCursorToNoOther() {
        try (Bench bench = bench(Bench.endpoint("a"), Bench.endpoint("b"), backup("y"), backup("z"))) {
            set(bench, Node.DOWN, true, "a", "b");
            set(bench, Node.DOWN, true, "y");
            set(bench, Node.DOWN, false, "a", "b", "y");
            assertEquals(Map.of("ab", List.of("ab", "ab"), "yz", List.of("yz", "z", "yz")), prepared);
        }
    }

    @Test
    void aTierOfWhichAPartLeavesGoesOn() {
        try (Bench bench = bench(Bench.endpoint("a"), Bench.endpoint("b"), Bench.endpoint("c"), backup("z"))) {
            set(bench, Node.DOWN, true, "b");
            set(bench, Node.DEGRADED, true, "c");
            assertEquals(
                    Map.of("abc", List.of("abc", "ac"), "z", List.of("z")),
                    prepared,
                    "one healthy node of three is not enough");
            set(bench, Node.DOWN, false, "b");
            assertEquals(List.of("abc", "ac", "ab"), prepared.get("abc"));
            assertEquals(List.of("c"), prepared.get("c"), "a tier of its own, a fallback");
        }
    }

    @Test
    void aFleetThatIsReplacedGoesOnWithTheCursor() {
        try (Bench bench = bench(Bench.endpoint("a"), Bench.endpoint("z"))) {
            bench.deliver("c", "d");
            assertEquals(Map.of("az", List.of("az", "cd")), prepared);
        }
    }

    // ------------------------------------------------------------------------------------------ degraded nodes

    private static Bench plain(Endpoint... endpoints) {
        return new Bench(builder -> builder, MutableEndpointSource.of(endpoints), Bench.FIRST);
    }

    @Test
    void degradedPrimariesHelpWhereFewerThanHalfAreHealthyWhateverTheBackupsAre() {
        try (Bench bench =
                plain(Bench.endpoint("a"), Bench.endpoint("b"), Bench.endpoint("c"), backup("y"), backup("z"))) {
            set(bench, Node.DEGRADED, true, "a", "b");
            assertEquals("a", bench.next());
        }
    }

    @Test
    void healthyBackupsComeBeforePrimariesThatAreAllDegraded() {
        try (Bench bench = plain(Bench.endpoint("a"), backup("z"))) {
            set(bench, Node.DEGRADED, true, "a");
            assertEquals("z", bench.next());
            bench.balancer.disable("z");
            assertEquals("a", bench.next());
        }
    }

    @Test
    void aDegradedNodeTakesWhatTheHealthyOnesCannot() {
        try (Bench bench = plain(Bench.endpoint("a"), Bench.endpoint("z").withMaxInFlight(1))) {
            set(bench, Node.DEGRADED, true, "a");
            try (Lease first = bench.balancer.acquire(RequestContext.none());
                    Lease second = bench.balancer.acquire(RequestContext.none())) {
                assertEquals("z", first.endpoint().id());
                assertEquals("a", second.endpoint().id());
            }
        }
    }
}
