package io.lb4j.locality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Availability;
import io.lb4j.Endpoint;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.vectors.Vectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each client uses a part of the nodes: how even that is, and how much of it changes when nodes come and go. */
class SubsetTest {
    private static NodeSet fleet(int from, int to) {
        Endpoint[] endpoints = new Endpoint[to - from];
        for (int i = from; i < to; i++) {
            endpoints[i - from] = Endpoint.of("10.0." + i / 256 + "." + i % 256, 8080);
        }
        return NodeSet.of(() -> 0, endpoints);
    }

    private static Map<String, Double> used(LocalityPolicy policy, NodeSet nodes, Set<String> out) {
        List<LocalityPolicy.Tier> tiers = policy.arrange(
                Availability.of(nodes, node -> out.contains(node.endpoint().id()) ? Node.State.DOWN : Node.State.UP));
        Map<String, Double> weights = new HashMap<>();
        NodeSet first = tiers.get(0).nodes();
        for (int i = 0; i < first.size(); i++) {
            weights.put(first.get(i).endpoint().id(), first.weight(i));
        }
        Set<String> everywhere = new HashSet<>();
        tiers.forEach(tier ->
                tier.nodes().forEach(node -> everywhere.add(node.endpoint().id())));
        assertEquals(nodes.size() - out.size(), everywhere.size(), "the others are a fallback");
        return weights;
    }

    private static LocalityPolicy random(int size, int client) {
        return Localities.subset(size, "client-" + client);
    }

    /** The busiest and the idlest node, by the load it gets if each client sends one unit. */
    private static double[] extremes(int clients, NodeSet nodes, IntFunction<LocalityPolicy> policy) {
        Map<String, Double> load = new HashMap<>();
        nodes.forEach(node -> load.put(node.endpoint().id(), 0.0));
        for (int client = 0; client < clients; client++) {
            Map<String, Double> used = used(policy.apply(client), nodes, Set.of());
            double whole =
                    used.values().stream().mapToDouble(Double::doubleValue).sum();
            used.forEach((id, weight) -> load.merge(id, weight / whole, Double::sum));
        }
        double mean = clients / (double) nodes.size();
        double least =
                load.values().stream().mapToDouble(each -> each / mean).min().orElseThrow();
        double most =
                load.values().stream().mapToDouble(each -> each / mean).max().orElseThrow();
        return new double[] {least, most};
    }

    /** Which part of the connections is new after a change. */
    private static double fresh(int clients, NodeSet before, NodeSet after, IntFunction<LocalityPolicy> policy) {
        int fresh = 0;
        int all = 0;
        for (int client = 0; client < clients; client++) {
            Set<String> had = used(policy.apply(client), before, Set.of()).keySet();
            Set<String> has = used(policy.apply(client), after, Set.of()).keySet();
            all += has.size();
            fresh += has.stream().mapToInt(id -> had.contains(id) ? 0 : 1).sum();
        }
        return fresh / (double) all;
    }

    // ------------------------------------------------------------------------------------------ random

    @Test
    void randomSubsetsAreAsEvenAsChanceMakesThem() {
        double[] extremes = extremes(300, fleet(0, 300), client -> random(30, client));
        // binomial: 30 clients per node, sd 5.2; 4 sd either side
        assertTrue(extremes[0] > 0.30 && extremes[1] < 1.70, extremes[0] + " to " + extremes[1]);
        assertTrue(extremes[0] < 0.80 && extremes[1] > 1.20, "not by accident the same for all");
    }

    @Test
    void aNodeMoreOrLessChangesOneConnectionOfThoseConcerned() {
        NodeSet nodes = fleet(0, 300);
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 50; run++) {
            int client = random.nextInt(1_000);
            int gone = random.nextInt(300);
            String id = nodes.get(gone).endpoint().id();
            NodeSet fewer = nodes.filter(node -> !node.endpoint().id().equals(id));
            Set<String> all = used(random(30, client), nodes, Set.of()).keySet();
            Set<String> left = used(random(30, client), fewer, Set.of()).keySet();
            Set<String> fresh = new HashSet<>(left);
            fresh.removeAll(all);
            assertEquals(30, left.size());
            assertEquals(all.contains(id) ? 1 : 0, fresh.size());
        }
        double removed = fresh(200, nodes, fleet(0, 299), client -> random(30, client));
        double added = fresh(200, fleet(0, 299), nodes, client -> random(30, client));
        assertEquals(1 / 300.0, removed, 0.0015, "the least there can be");
        assertEquals(1 / 300.0, added, 0.0015);
    }

    @Test
    void theNextNodeStandsInForOneThatFailsUntilItIsBack() {
        NodeSet nodes = fleet(0, 100);
        Set<String> well = used(random(10, 1), nodes, Set.of()).keySet();
        String failing = well.iterator().next();
        Set<String> meanwhile = used(random(10, 1), nodes, Set.of(failing)).keySet();
        assertEquals(10, meanwhile.size());
        Set<String> kept = new HashSet<>(meanwhile);
        kept.retainAll(well);
        assertEquals(9, kept.size());
        assertEquals(well, used(random(10, 1), nodes, Set.of()).keySet());
    }

    @Test
    void aSmallFleetIsUsedAsAWhole() {
        assertEquals(20, used(random(20, 1), fleet(0, 20), Set.of()).size());
    }

    // ------------------------------------------------------------------------------------------ aperture

    @Test
    void apertureCoversWhatFinagleCovers() {
        for (Object each :
                Vectors.list(Vectors.json("deterministic_aperture.json").get("cases"))) {
            Map<String, Object> vector = Vectors.map(each);
            int servers = (int) Vectors.number(vector.get("servers"));
            Aperture aperture = new Aperture(
                    (int) Vectors.number(vector.get("min_aperture")),
                    (int) Vectors.number(vector.get("instance")),
                    (int) Vectors.number(vector.get("clients")));
            double[] expected = new double[servers];
            for (Object pair : Vectors.list(vector.get("index_weight"))) {
                List<Object> values = Vectors.list(pair);
                expected[(int) Vectors.number(values.get(0))] = Vectors.decimal(values.get(1));
            }
            for (int i = 0; i < servers; i++) {
                assertEquals(expected[i], aperture.covered(i, servers), 1e-9, vector + " " + i);
            }
        }
    }

    @ParameterizedTest(name = "{0} clients, {1} nodes, {2} each")
    @CsvSource({"300, 300, 30", "100, 40, 12", "65, 13, 12", "30, 100, 12", "100, 97, 20"})
    void anApertureGivesEveryNodeTheSame(int clients, int nodes, int size) {
        double[] extremes = extremes(clients, fleet(0, nodes), client -> Localities.aperture(size, client, clients));
        assertEquals(1, extremes[0], 1e-9);
        assertEquals(1, extremes[1], 1e-9);
    }

    @Test
    void anApertureChangesLittleWhenANodeComesOrGoes() {
        IntFunction<LocalityPolicy> policy = client -> Localities.aperture(30, client, 300);
        NodeSet nodes = fleet(0, 300);
        List<Double> parts = new ArrayList<>();
        for (int gone = 0; gone < 300; gone += 170) {
            String id = nodes.get(gone).endpoint().id();
            NodeSet fewer = nodes.filter(node -> !node.endpoint().id().equals(id));
            parts.add(fresh(300, nodes, fewer, policy));
            parts.add(fresh(300, fewer, nodes, policy));
        }
        assertTrue(parts.stream().allMatch(part -> part < 0.1), parts::toString);
    }

    @Test
    void badNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Localities.subset(0, "me"));
        assertThrows(IllegalArgumentException.class, () -> Localities.aperture(12, 5, 5));
        IllegalArgumentException bad =
                assertThrows(IllegalArgumentException.class, () -> Localities.aperture(12, -1, 5));
        assertEquals("client: -1 (expected: 0 to 4)", bad.getMessage());
    }
}
