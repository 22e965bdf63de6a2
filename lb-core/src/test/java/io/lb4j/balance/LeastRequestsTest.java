package io.lb4j.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastRequestsTest {
    private static final int PICKS = 30_000;

    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random = new SplittableRandom(5);

    private Node pick(Balancer prepared, NodeSet nodes) {
        return prepared.pick(nodes, RequestContext.none(), time.nanoTime());
    }

    @Test
    void eitherHalfOfTheNumberFindsAnIdleNode() {
        NodeSet nodes = Nodes.equal(time, 4);
        nodes.get(1).acquire();
        long first = 0xC000_0000_0000_0000L;
        long secondIfFirstIsBusy = 0x4000_0000_8000_0000L;
        Balancer prepared = Balancers.leastRequests(Nodes.scripted(first, secondIfFirstIsBusy))
                .prepare(nodes);
        assertSame(nodes.get(3), pick(prepared, nodes));
        assertSame(nodes.get(2), pick(prepared, nodes));
    }

    @Test
    void idleNodeThatNoLookHasHitIsFoundByTheScan() {
        NodeSet nodes = Nodes.equal(time, 4);
        List.of(0, 1, 2).forEach(i -> nodes.get(i).acquire());
        Balancer prepared = Balancers.leastRequests(Nodes.scripted(0)).prepare(nodes);
        assertSame(nodes.get(3), pick(prepared, nodes));
    }

    /** Idle nodes are found by looks, nodes with one request by the scan. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nodesWithTheFewestRequestsAreEquallyLikely(int fewest) {
        NodeSet nodes = Nodes.equal(time, 7);
        for (int i = 0; i < nodes.size(); i++) {
            int requests = i == 2 || i == 3 || i == 6 ? fewest : fewest + 1 + i % 2;
            for (int open = 0; open < requests; open++) {
                nodes.get(i).acquire();
            }
        }
        Balancer prepared = Balancers.leastRequests(() -> random).prepare(nodes);
        int[] picked = new int[nodes.size()];
        for (int i = 0; i < PICKS; i++) {
            picked[Nodes.indexOf(nodes, pick(prepared, nodes))]++;
        }
        assertEquals(PICKS, picked[2] + picked[3] + picked[6]);
        for (int i : new int[] {2, 3, 6}) { // sd 82
            assertEquals(PICKS / 3, picked[i], 500, "node " + i);
        }
    }

    @Test
    void noNodeIsPickedThatHasMoreThanAnother() {
        NodeSet nodes = Nodes.equal(time, 9);
        Balancer prepared = Balancers.leastRequests(() -> random).prepare(nodes);
        List<Lease> open = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Node picked = pick(prepared, nodes);
            nodes.forEach(node -> assertTrue(picked.inFlight() <= node.inFlight()));
            open.add(picked.acquire());
            if (random.nextInt(3) > 0) {
                open.remove(random.nextInt(open.size())).close();
            }
        }
    }
}
