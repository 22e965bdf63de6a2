package io.lb4j;

import static io.lb4j.LocalityBench.bench;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.NoEndpointAvailableException.Reason;
import io.lb4j.locality.Localities;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Hot spares and hot standbys, as Apache has them. */
class SparesTest {
    private static Bench apache() {
        return bench(
                Localities.spares(),
                Localities.standby(Bench.endpoint("D")),
                Localities.spare(Bench.endpoint("C")),
                Bench.endpoint("A"),
                Bench.endpoint("B"));
    }

    private static Set<String> serving(Bench bench) {
        Set<String> serving = new TreeSet<>();
        Balancer next = (nodes, request, now) -> {
            nodes.forEach(node -> serving.add(node.endpoint().id()));
            return nodes.get(0);
        };
        bench.balancer.switchTo(next);
        bench.next();
        return serving;
    }

    @Test
    void aSpareReplacesEachUnusableWorkerAndAStandbyServesAlone() {
        try (Bench bench = apache()) {
            assertEquals("[A, B]", serving(bench).toString());
            bench.balancer.disable("A");
            assertEquals("[B, C]", serving(bench).toString());
            bench.balancer.disable("B");
            assertEquals("[C]", serving(bench).toString());
            bench.balancer.disable("C");
            assertEquals("[D]", serving(bench).toString());
            bench.balancer.disable("D");
            NoEndpointAvailableException none = assertThrows(
                    NoEndpointAvailableException.class, () -> bench.balancer.acquire(RequestContext.none()));
            assertEquals(Reason.ALL_DISABLED, none.reason());
            bench.balancer.enable("A");
            assertEquals("[A]", serving(bench).toString(), "one worker is still without a spare, which is disabled");
            bench.balancer.enable("C");
            assertEquals("[A, C]", serving(bench).toString());
        }
    }

    @Test
    void sparesReplaceWorkersThatFailAndLeaveWhenTheyAreBack() {
        try (Bench bench = apache()) {
            bench.fail("A", 5);
            bench.advance(30);
            assertEquals("[B, C]", serving(bench).toString());
            bench.advance(1_000);
            bench.balancer.switchTo(Bench.FIRST);
            bench.next();
            assertEquals(Node.State.UP, bench.node("A").state());
            bench.advance(30);
            assertEquals("[A, B]", serving(bench).toString());
        }
    }

    @Test
    void spareAndStandbyServeTheirOwnSet() {
        Endpoint standby = Localities.standby(Bench.endpoint("h0"));
        Endpoint spareOfTheNext = Localities.spare(Bench.endpoint("r1")).withPriority(1);
        try (Bench bench = bench(
                Localities.spares(),
                Bench.endpoint("w0"),
                standby,
                Bench.endpoint("w1").withPriority(1),
                Bench.endpoint("w2").withPriority(1),
                spareOfTheNext)) {
            bench.balancer.disable("w0");
            assertEquals("[h0]", serving(bench).toString());
            bench.balancer.disable("h0");
            assertEquals("[w1, w2]", serving(bench).toString());
            bench.balancer.disable("w1");
            assertEquals("[r1, w2]", serving(bench).toString());
        }
    }
}
