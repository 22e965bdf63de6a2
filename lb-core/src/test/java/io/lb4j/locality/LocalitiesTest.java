package io.lb4j.locality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.Availability;
import io.lb4j.Endpoint;
import io.lb4j.LocalityPolicy;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LocalitiesTest {
    private static Endpoint in(String region, String zone, String id) {
        return Endpoint.of(id, 80).withId(id).withZone(zone).withAttribute("region", region);
    }

    private static String arranged(LocalityPolicy policy, Set<String> down, Endpoint... endpoints) {
        NodeSet nodes = NodeSet.of(() -> 0, endpoints);
        StringBuilder text = new StringBuilder();
        for (LocalityPolicy.Tier tier : policy.arrange(Availability.of(
                nodes, node -> down.contains(node.endpoint().id()) ? Node.State.DOWN : Node.State.UP))) {
            if (!tier.nodes().isEmpty()) {
                text.append(text.isEmpty() ? "" : " ");
                tier.nodes().forEach(node -> text.append(node.endpoint().id()));
                text.append('=').append(Math.round(tier.share()));
            }
        }
        return text.toString();
    }

    @Test
    void zonesMayBeArrangedWithinRegions() {
        LocalityPolicy policy =
                Localities.failover(Localities.attribute("region"), "eu", "us").within(Localities.zoneAware("eu-a"));
        Endpoint[] endpoints = {
            in("us", "us-a", "u"),
            in("eu", "eu-b", "y"),
            in("eu", "eu-b", "z"),
            in("eu", "eu-a", "a"),
            in("eu", "eu-a", "b")
        };
        assertEquals("ab=100 yz=0 u=0", arranged(policy, Set.of(), endpoints));
        assertEquals("b=70 yz=30 u=0", arranged(policy, Set.of("a"), endpoints));
        assertEquals("b=49 z=21 u=30", arranged(policy, Set.of("a", "y"), endpoints));
        assertEquals("yz=70 u=30", arranged(policy, Set.of("a", "b"), endpoints));
        assertEquals("u=100", arranged(policy, Set.of("a", "b", "y", "z"), endpoints));
    }

    @Test
    void theFactorSaysHowMuchAPriorityCanCarry() {
        Endpoint[] endpoints = {
            Endpoint.of("a", 80).withId("a"),
            Endpoint.of("b", 80).withId("b"),
            Endpoint.of("z", 80).withId("z").withPriority(1)
        };
        assertEquals("b=50 z=50", arranged(Localities.priorities().overprovisioning(1), Set.of("a"), endpoints));
        assertEquals("b=70 z=30", arranged(Localities.priorities(), Set.of("a"), endpoints));
        assertEquals("b=100 z=0", arranged(Localities.priorities().overprovisioning(2), Set.of("a"), endpoints));
    }

    @Test
    void badSettingsAreRefused() {
        refused(
                "overprovisioning: 0.9 (expected: 1.0 to 100.0)",
                () -> Localities.priorities().overprovisioning(0.9));
        refused("order: [] (expected: at least one, each once)", () -> Localities.failover());
        refused("order: [eu, eu] (expected: at least one, each once)", () -> Localities.failover("eu", "eu"));
        refused("shares: [] (expected: at least one, each once)", () -> Localities.weighted(Map.of()));
        refused("share of eu: NaN (expected: 0.0 to 1.0E9)", () -> Localities.weighted(Map.of("eu", Double.NaN)));
        refused("clients: {b=1} (expected: at least 1 in a)", () -> Localities.zoneAware("a", Map.of("b", 1)));
        refused(
                "allowed: [] (expected: at least one, each once)",
                () -> Localities.only(Set.of(), LocalityPolicy.none()));
        for (Executable call : List.<Executable>of(
                () -> Localities.priorities().within(null),
                () -> Localities.zoneAware(null),
                () -> Localities.spare(null),
                () -> Localities.attribute(null))) {
            assertThrows(NullPointerException.class, call);
        }
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void anEndpointWithoutALocalityIsNowhere() {
        Function<Endpoint, @Nullable String> region =
                endpoint -> endpoint.attributes().get("region");
        Endpoint[] endpoints = {in("us", "?", "u"), Endpoint.of("n", 80).withId("n"), in("eu", "?", "e")};
        assertEquals("e=100 u=0 n=0", arranged(Localities.failover(region, "eu", "us"), Set.of(), endpoints));
        assertEquals("e=1 un=0", arranged(Localities.weighted(region, Map.of("eu", 1.0)), Set.of(), endpoints));
        assertEquals(
                "e=1", arranged(Localities.only(region, Set.of("eu"), LocalityPolicy.none()), Set.of(), endpoints));
    }

    /** Envoy counts in parts of 10,000, of which one server of 10,002 has none. */
    @Test
    void aZoneWithVeryFewOfTheServersIsStillAZone() {
        Endpoint[] fleet = IntStream.range(0, 10_002)
                .mapToObj(i -> in("eu", i == 0 ? "small" : "big", "e" + i))
                .toArray(Endpoint[]::new);
        NodeSet nodes = NodeSet.of(() -> 0, fleet);
        Availability up = Availability.of(nodes, node -> Node.State.UP);
        for (String zone : List.of("big", "small")) {
            int placed = Localities.zoneAware(zone, Map.of(zone, 5)).arrange(up).stream()
                    .mapToInt(tier -> tier.nodes().size())
                    .sum();
            assertEquals(10_002, placed);
        }
    }
}
