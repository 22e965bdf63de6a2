package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("allocation")
class AllocationTest {
    private static final int PICKS = 20_000;

    private static double perPick(Balancer prepared, NodeSet nodes, RequestContext[] requests) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long me = Thread.currentThread().getId();
        int picked = 0;
        long before = threads.getThreadAllocatedBytes(me);
        for (int i = 0; i < PICKS; i++) {
            picked += prepared.pick(nodes, requests[i % requests.length], i) == null ? 0 : 1;
        }
        long after = threads.getThreadAllocatedBytes(me);
        assertEquals(PICKS, picked);
        return (after - before) / (double) PICKS;
    }

    private static RequestContext[] requests(NodeSet nodes) {
        Set<Node> excluded = Set.of(nodes.get(0), nodes.get(3));
        return new RequestContext[] {
            RequestContext.ofKey("user-4711"),
            RequestContext.ofKey("a key of more than one block of sixty-four characters, for MD5 and xxHash64 alike"),
            RequestContext.none(),
            Nodes.excluding("user-4711", excluded),
            Nodes.excluding("another", excluded),
            Nodes.excluding(null, excluded)
        };
    }

    @ParameterizedTest
    @EnumSource
    void picksAllocateNothing(KeyTest.Algorithm algorithm) {
        for (int count : new int[] {4, 200}) {
            for (NodeSet nodes : new NodeSet[] {Nodes.equal(count), skewed(count)}) {
                Balancer prepared = algorithm.balancer().prepare(nodes);
                RequestContext[] requests = requests(nodes);
                nodes.get(1).acquire(); // so that a bound has something to count
                perPick(prepared, nodes, requests);
                double bytes = perPick(prepared, nodes, requests);
                assertTrue(bytes < 0.5, bytes + " bytes per pick of " + count + " nodes");
            }
        }
    }

    private static NodeSet skewed(int count) {
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = 1 + i % 3;
        }
        return Nodes.weighted(weights);
    }
}
