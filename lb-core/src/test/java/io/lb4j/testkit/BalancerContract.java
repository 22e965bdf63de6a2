package io.lb4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lb4j.Balancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every selection algorithm has to keep to; extend it to test one of your own.
 *
 * <pre>{@code
 * class MineTest extends BalancerContract {
 *     @Override
 *     protected Balancer balancer() {
 *         return new Mine(new Random(42));
 *     }
 * }
 * }</pre>
 *
 * <p>Each request carries another key. A sequential client takes a lease per pick, reports success after a millisecond
 * and closes it. Distributions are compared with bounds that chance alone exceeds once in a million runs; with a seeded
 * source of randomness they are the same in each run.
 *
 * <p>Tests tagged {@code allocation} need a JVM without agents; tests tagged {@code storm} run several threads.
 */
public abstract class BalancerContract {
    private static final int PICKS = 20_000;

    private final SequentialClient client = new SequentialClient();

    /**
     * Returns the algorithm, as a user would hand it to a LoadBalancer.
     *
     * @return a new object, not prepared
     */
    protected abstract Balancer balancer();

    /**
     * Tells whether a sequential client's picks are spread in proportion to the weights.
     *
     * @return false by default: only equal weights are tested then, for an equal spread
     */
    protected boolean honoursWeights() {
        return false;
    }

    /**
     * Tells whether the pick is determined by the key of the request.
     *
     * @return false by default
     */
    protected boolean isKeyed() {
        return false;
    }

    /**
     * Returns how far the probability of a node may be from its fair share, for instance because a hash table is only
     * nearly even.
     *
     * @return relative to the fair share; 0 by default
     */
    protected double unevenness() {
        return 0;
    }

    /**
     * Returns the algorithm with the counter it has, if any, shortly before the counter overflows.
     *
     * @return algorithms like {@link #balancer()}, one for each such counter and limit; none by default
     */
    protected List<Balancer> balancersBeforeOverflow() {
        return List.of();
    }

    /**
     * Returns how many bytes a pick may allocate.
     *
     * @return 0 by default
     */
    protected int bytesPerPick() {
        return 0;
    }

    // ------------------------------------------------------------------------------------------ what is picked

    @Test
    void onlyCandidatesArePicked() {
        for (int count : new int[] {1, 2, 3, 5, 16, 129, 1000}) {
            NodeSet nodes = client.equalNodes(count);
            Balancer prepared = balancer().prepare(nodes);
            for (int i = 0; i < 200; i++) {
                client.use(prepared, nodes);
            }
        }
    }

    @Test
    void onlyNodeIsAlwaysPicked() {
        NodeSet nodes = client.nodes(3);
        Balancer prepared = balancer().prepare(nodes);
        for (int i = 0; i < 20; i++) {
            assertSame(nodes.get(0), client.use(prepared, nodes));
        }
    }

    @Test
    void nodeOfWeightZeroIsNeverPicked() {
        NodeSet nodes = client.nodes(0, 1, 0, 2, 0);
        Balancer prepared = balancer().prepare(nodes);
        for (int i = 0; i < 2_000; i++) {
            Node picked = client.use(prepared, nodes);
            assertTrue(picked.endpoint().weight() > 0, picked + " has weight 0");
        }
    }

    @Test
    void excludedNodeIsNotPicked() {
        NodeSet nodes = client.nodes(1, 2, 1, 0, 1);
        Balancer prepared = balancer().prepare(nodes);
        for (int mask = 1; mask < 1 << nodes.size(); mask++) {
            Set<Node> excluded = SequentialClient.subset(nodes, mask);
            boolean anyLeft = (~mask & 0b10111) != 0;
            for (int i = 0; i < 10; i++) {
                Node picked = prepared.pick(nodes, client.request(excluded), client.now());
                if (anyLeft) {
                    assertNotNull(picked, "no node was picked beside " + excluded);
                    assertTrue(picked.endpoint().weight() > 0, picked + " has weight 0");
                    assertTrue(!excluded.contains(picked), picked + " is excluded");
                } else {
                    assertNull(picked, "all nodes of more than weight 0 are excluded");
                }
                client.waitForAMillisecond();
            }
        }
    }

    @Test
    void lastNodeThatIsNotExcludedIsFoundAmongMany() {
        NodeSet nodes = client.equalNodes(300);
        Balancer prepared = balancer().prepare(nodes);
        for (int left = 0; left < nodes.size(); left += 23) {
            Set<Node> excluded = new HashSet<>();
            nodes.forEach(excluded::add);
            excluded.remove(nodes.get(left));
            assertSame(nodes.get(left), prepared.pick(nodes, client.request(excluded), client.now()));
        }
    }

    @Test
    void nothingIsPickedIfTheOnlyNodeIsExcluded() {
        NodeSet nodes = client.equalNodes(1);
        Balancer prepared = balancer().prepare(nodes);
        assertNull(prepared.pick(nodes, client.request(Set.of(nodes.get(0))), client.now()));
    }

    @Test
    void equalKeysGetTheSameNode() {
        Assumptions.assumeTrue(isKeyed());
        NodeSet nodes = client.equalNodes(10);
        Balancer one = balancer().prepare(nodes);
        Balancer other = balancer().prepare(nodes);
        for (int i = 0; i < 200; i++) {
            RequestContext request = RequestContext.ofKey("key-" + i);
            Node picked = one.pick(nodes, request, client.now());
            assertSame(picked, one.pick(nodes, request, client.now()));
            assertSame(picked, other.pick(nodes, request, client.now()), "two clients disagree");
        }
    }

    // ------------------------------------------------------------------------------------------ distribution

    @Test
    void equalNodesHaveEqualShares() {
        for (int count : new int[] {2, 3, 10, 50}) {
            NodeSet nodes = client.equalNodes(count);
            client.use(PICKS, balancer().prepare(nodes), nodes).check(false, unevenness());
        }
    }

    @Test
    void sharesAreInProportionToWeights() {
        Assumptions.assumeTrue(honoursWeights());
        NodeSet nodes = client.nodes(1, 2, 3, 0.5, 10, 0);
        client.use(PICKS, balancer().prepare(nodes), nodes).check(true, unevenness());
    }

    @Test
    void sharesStayEqualAmongThoseNotExcluded() {
        NodeSet nodes = client.equalNodes(4);
        NodeSet others = nodes.filter(node -> node != nodes.get(1));
        Balancer prepared = balancer().prepare(nodes);
        Shares shares = new Shares(others);
        for (int i = 0; i < PICKS; i++) {
            client.waitForAMillisecond();
            Node picked = prepared.pick(nodes, client.request(Set.of(nodes.get(1))), client.now());
            assertNotNull(picked);
            shares.count(picked);
        }
        shares.check(false, Math.max(unevenness(), tolerated(others)));
    }

    /** A keyed algorithm may send all keys of an excluded node to few others. */
    private double tolerated(NodeSet others) {
        return isKeyed() ? others.size() : 0;
    }

    @Test
    void updatesBetweenPicksDoNotSkewTheShares() {
        NodeSet nodes = client.equalNodes(5);
        Balancer prepared = balancer();
        Shares shares = new Shares(nodes);
        for (int i = 0; i < 4_000; i++) {
            NodeSet update = nodes.filter(node -> true);
            prepared = prepared.prepare(update);
            shares.count(client.use(prepared, update));
        }
        shares.check(false, unevenness());
    }

    @Test
    void overflowingCounterGoesOnWithTheCandidates() {
        for (Balancer balancer : balancersBeforeOverflow()) {
            NodeSet nodes = client.equalNodes(3);
            Balancer prepared = balancer.prepare(nodes);
            Set<Node> seen = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                seen.add(client.use(prepared, nodes));
            }
            assertEquals(3, seen.size(), "only some nodes are reached: " + seen);
        }
    }

    // ------------------------------------------------------------------------------------------ preparation

    @Test
    void oneObjectServesTwoLoadBalancers() {
        Balancer root = balancer();
        NodeSet first = client.equalNodes(3);
        NodeSet second = client.equalNodes(4);
        Balancer one = root.prepare(first);
        Balancer two = root.prepare(second);
        Shares ones = new Shares(first);
        Shares twos = new Shares(second);
        for (int i = 0; i < PICKS / 2; i++) {
            ones.count(client.use(one, first));
            twos.count(client.use(two, second));
        }
        ones.check(false, unevenness());
        twos.check(false, unevenness());
    }

    @Test
    void instanceInUseSurvivesThePreparationOfItsSuccessor() {
        NodeSet before = client.equalNodes(3);
        NodeSet after = before.filter(node -> node != before.get(0));
        Balancer old = balancer().prepare(before);
        Balancer successor = old.prepare(after);
        for (int i = 0; i < 100; i++) {
            client.use(old, before);
            client.use(successor, after);
        }
    }

    private record Prepared(Balancer balancer, NodeSet nodes) {}

    @Test
    @Tag("storm")
    void threadsPickCandidatesWhileOthersPrepare() throws Exception {
        NodeSet all = client.equalNodes(8);
        AtomicReference<Prepared> current =
                new AtomicReference<>(new Prepared(balancer().prepare(all), all));
        AtomicBoolean ended = new AtomicBoolean();
        Callable<Integer> picking = () -> {
            int picks = 0;
            while (!ended.get() || picks < 1_000) {
                Prepared now = current.get();
                RequestContext request = RequestContext.ofKey("key-" + picks++);
                Node picked = now.balancer().pick(now.nodes(), request, picks);
                assertNotNull(picked, "no node was picked");
                assertTrue(SequentialClient.isIn(now.nodes(), picked), picked + " is not among the candidates");
            }
            return picks;
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(picking));
            }
            for (int i = 1; i <= 200; i++) {
                int mask = i % 254 + 1;
                NodeSet update =
                        all.filter(node -> (mask >> (node.endpoint().host().charAt(5) - '0') & 1) != 0);
                current.set(new Prepared(current.get().balancer().prepare(update), update));
            }
            ended.set(true);
            for (Future<Integer> result : results) {
                assertTrue(result.get() >= 1_000);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a thread found: " + e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    // ------------------------------------------------------------------------------------------ allocation

    @Test
    @Tag("allocation")
    void picksAllocateNothing() {
        for (int count : new int[] {1, 10, 200}) {
            NodeSet nodes = client.equalNodes(count);
            Balancer prepared = balancer().prepare(nodes);
            RequestContext request = RequestContext.ofKey("key");
            allocatedBy(prepared, nodes, request); // warm-up
            double perPick = allocatedBy(prepared, nodes, request) / (double) PICKS;
            assertTrue(perPick < bytesPerPick() + 0.5, perPick + " bytes per pick of " + count + " nodes");
        }
    }

    private static long allocatedBy(Balancer prepared, NodeSet nodes, RequestContext request) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < PICKS; i++) {
            if (prepared.pick(nodes, request, i * 1_000L) == null) {
                throw new AssertionError("no node was picked");
            }
        }
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
