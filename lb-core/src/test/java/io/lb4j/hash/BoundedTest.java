package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.HashKey;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.vectors.Vectors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BoundedTest {
    private static List<Balancer> bases() {
        return List.of(
                ConsistentHash.maglev(),
                ConsistentHash.rendezvous(),
                ConsistentHash.ketama(),
                (nodes, request, now) -> nodes.get(0));
    }

    private static int inFlight(NodeSet nodes) {
        return IntStream.range(0, nodes.size())
                .map(i -> nodes.get(i).inFlight())
                .sum();
    }

    private static int capacity(NodeSet nodes, int i, double factor, int others) {
        return Bounded.capacity(factor, nodes.weight(i) / nodes.totalWeight(), others);
    }

    private static int place(NodeSet nodes, Node node) {
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i) == node)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void capacityIsThatOfMirrokni() {
        List<Object> examples = Vectors.list(Vectors.json("bounded_load.json").get("cap_examples"));
        assertEquals(8, examples.size());
        for (Object element : examples) {
            Map<String, Object> example = Vectors.map(element);
            int capacity = Bounded.capacity(
                    Vectors.decimal(example.get("c")),
                    1 / Vectors.decimal(example.get("n")),
                    Vectors.number(example.get("total_inflight_before")));
            assertEquals(Vectors.number(example.get("capacity")), capacity, example.toString());
        }
    }

    /** Envoy rounds twice, which gives one slot more with some weights; with those of the examples it does not. */
    @Test
    void capacityIsThatOfEnvoyWithinOneSlot() {
        List<Object> examples = Vectors.list(Vectors.json("bounded_load.json").get("envoy_slots_examples"));
        assertEquals(6, examples.size());
        for (Object element : examples) {
            Map<String, Object> example = Vectors.map(element);
            long active = Vectors.number(example.get("total_active"));
            double factor = Vectors.number(example.get("factor")) / 100.0;
            double weight = Vectors.decimal(example.get("weight"));
            assertEquals(
                    Vectors.number(example.get("slots")),
                    Bounded.capacity(factor, weight, active),
                    () -> example.toString());
        }
        Set<Integer> more = new TreeSet<>();
        for (int active = 0; active < 500; active++) {
            int all = ((active + 1) * 125 + 99) / 100;
            for (int percent = 1; percent <= 100; percent++) {
                int slots = Math.max(1, (all * percent + 99) / 100);
                more.add(slots - Bounded.capacity(1.25, percent / 100.0, active));
            }
        }
        assertEquals(Set.of(0, 1), more);
    }

    /** HAProxy deals the slots out one by one, in the order of its list; here all nodes are rounded up alike. */
    @Test
    void capacityIsThatOfHaproxyRoundedUpForEveryNode() {
        Map<String, Object> haproxy =
                Vectors.map(Vectors.json("bounded_load.json").get("haproxy"));
        List<Object> examples = Vectors.list(haproxy.get("examples"));
        List<List<Integer>> ours = List.of(
                List.of(1, 1, 1),
                List.of(5, 5, 5), // HAProxy: 4, 4, 5
                List.of(3, 6, 9), // HAProxy: 2, 6, 9
                Collections.nCopies(10, 13), // HAProxy: 12 and 13 in turn
                List.of(12, 4),
                List.of(25, 5, 5));
        assertEquals(ours.size(), examples.size());
        for (int example = 0; example < ours.size(); example++) {
            Map<String, Object> vector = Vectors.map(examples.get(example));
            double[] weights = Vectors.decimals(vector.get("weights"));
            int[] theirs = Vectors.ints(vector.get("slots"));
            for (int i = 0; i < weights.length; i++) {
                int slots = Bounded.capacity(
                        Vectors.number(vector.get("factor")) / 100.0,
                        weights[i] / Arrays.stream(weights).sum(),
                        Vectors.number(vector.get("served_total")));
                assertEquals(ours.get(example).get(i), slots, "server " + i + " of " + vector);
                assertTrue(slots - theirs[i] == 0 || slots - theirs[i] == 1, "server " + i + " of " + vector);
            }
        }
        assertEquals(15, Bounded.capacity(1.5, 16 / 48.0, 29));
        assertEquals(30, Bounded.capacity(1.5, 32 / 48.0, 29));
    }

    /** Three equal hosts, nine requests, 150 %: five slots each. Envoy would give the owner a sixth request. */
    @Test
    void ownerWithAllItsSlotsTakenIsPassedOverAsInHaproxy() {
        NodeSet nodes = Nodes.equal(3);
        Balancer bounded =
                ConsistentHash.bounded((set, request, now) -> set.get(0), 1.5).prepare(nodes);
        hold(nodes.get(1), 2);
        hold(nodes.get(2), 3);
        hold(nodes.get(0), 4);
        assertEquals(5, capacity(nodes, 0, 1.5, 9));
        assertSame(nodes.get(0), bounded.pick(nodes, RequestContext.ofKey("k"), 0), "4 of 5");
        NodeSet full = Nodes.equal(3);
        hold(full.get(1), 2);
        hold(full.get(2), 2);
        hold(full.get(0), 5);
        assertNotSame(full.get(0), bounded.prepare(full).pick(full, RequestContext.ofKey("k"), 0), "5 of 5");
    }

    private static void hold(Node node, int requests) {
        for (int i = 0; i < requests; i++) {
            assertNotNull(node.acquire());
        }
    }

    @Test
    void idleNodesTakeTheKeysThatTheBaseGivesThem() {
        for (Balancer base : bases()) {
            NodeSet nodes = Nodes.weighted(1, 2, 3, 1);
            String[] expected = Nodes.owners(base, nodes, 500);
            assertEquals(List.of(expected), List.of(Nodes.owners(ConsistentHash.bounded(base), nodes, 500)));
        }
    }

    @Test
    void oneThreadNeverExceedsTheBound() {
        for (Balancer base : bases()) {
            for (double factor : new double[] {1, 1.1, 1.25, 2}) {
                for (NodeSet nodes : List.of(Nodes.equal(5), Nodes.weighted(1, 2, 3, 0.1, 10))) {
                    holdsItsBound(base, factor, nodes, new Random(11));
                }
            }
        }
    }

    /** A few keys have most of the requests, whose number goes up and down. */
    private static void holdsItsBound(Balancer base, double factor, NodeSet nodes, Random random) {
        Balancer bounded = ConsistentHash.bounded(base, factor).prepare(nodes);
        List<Lease> open = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            if (!open.isEmpty() && random.nextInt(100) < (i / 200 % 2 == 0 ? 30 : 60)) {
                open.remove(random.nextInt(open.size())).close();
            }
            int before = inFlight(nodes);
            RequestContext request = RequestContext.ofKey("key-" + (int) (3 * Math.abs(random.nextGaussian())));
            Node picked = Objects.requireNonNull(bounded.pick(nodes, request, 0));
            open.add(picked.acquire());
            int limit = capacity(nodes, place(nodes, picked), factor, before);
            assertTrue(picked.inFlight() <= limit, picked.inFlight() + " in flight, bound " + limit);
        }
        open.forEach(Lease::close);
    }

    @Test
    void overflowGoesToTheFirstChoiceByRendezvousThatHasRoom() {
        for (Balancer base : bases()) {
            NodeSet nodes = Nodes.weighted(1, 2, 3, 1, 1, 1);
            Balancer bounded = ConsistentHash.bounded(base).prepare(nodes);
            Balancer unbounded = base.prepare(nodes);
            RequestContext request = RequestContext.ofKey("hot");
            List<Node> choices = ConsistentHash.choices(nodes, HashKey.of("hot"), 6);
            int overflows = 0;
            for (int i = 0; i < 100; i++) {
                int before = inFlight(nodes);
                Node owner = unbounded.pick(nodes, request, 0);
                Node expected = owner.inFlight() < capacity(nodes, place(nodes, owner), 1.25, before)
                        ? owner
                        : choices.stream()
                                .filter(node -> node.inFlight() < capacity(nodes, place(nodes, node), 1.25, before))
                                .findFirst()
                                .orElseThrow();
                assertSame(expected, bounded.pick(nodes, request, 0));
                overflows += expected == owner ? 0 : 1;
                assertNotNull(expected.acquire());
            }
            assertTrue(overflows > 20, overflows + " overflows");
        }
    }

    @Test
    void excludedNodesAreLeftOutOfTheAccount() {
        NodeSet nodes = Nodes.equal(2);
        Balancer bounded = ConsistentHash.bounded(ConsistentHash.maglev()).prepare(nodes);
        for (int i = 0; i < 20; i++) {
            assertSame(nodes.get(1), bounded.pick(nodes, Nodes.excluding("k", Set.of(nodes.get(0))), 0));
            assertNotNull(nodes.get(1).acquire());
        }
        assertNull(bounded.pick(nodes, Nodes.excluding("k", Set.of(nodes.get(0), nodes.get(1))), 0));
    }

    @Test
    void requestsWithoutAKeyAreBoundToo() {
        NodeSet nodes = Nodes.equal(4);
        Balancer bounded =
                ConsistentHash.bounded((set, request, now) -> set.get(0), 1).prepare(nodes);
        for (int i = 0; i < 40; i++) {
            assertNotNull(Objects.requireNonNull(bounded.pick(nodes, RequestContext.none(), 0))
                    .acquire());
        }
        nodes.forEach(node -> assertEquals(10, node.inFlight()));
    }

    @Test
    @Tag("storm")
    void threadsExceedTheBoundByLessThanTheirNumber() throws Exception {
        int threads = 4;
        int held = 25;
        NodeSet nodes = Nodes.weighted(1, 1, 2);
        Balancer bounded = ConsistentHash.bounded(ConsistentHash.maglev()).prepare(nodes);
        Callable<Integer> holding = () -> {
            ArrayDeque<Lease> open = new ArrayDeque<>();
            int most = 0;
            for (int i = 0; i < 50_000; i++) {
                Node picked = Objects.requireNonNull(bounded.pick(nodes, RequestContext.ofKey("hot"), 0));
                open.add(picked.acquire());
                int limit = capacity(nodes, place(nodes, picked), 1.25, threads * (held + 1) - 1);
                most = Math.max(most, picked.inFlight() - limit);
                if (open.size() > held) {
                    open.remove().close();
                }
            }
            open.forEach(Lease::close);
            return most;
        };
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit(holding));
            }
            for (Future<Integer> result : results) {
                assertTrue(result.get() <= threads - 1, result.get() + " above the bound");
            }
        } finally {
            executor.shutdownNow();
        }
        assertEquals(0, inFlight(nodes));
    }
}
