package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sets a locality policy works on; nodes are written as id and first letters of the state: "aUP bDE cCH". */
class AvailabilityTest {
    private static Node.State state(String letters) {
        return Arrays.stream(Node.State.values())
                .filter(each -> each.name().startsWith(letters))
                .findFirst()
                .orElseThrow();
    }

    private static Availability of(String text) {
        Map<String, Node.State> states = new HashMap<>();
        Endpoint[] endpoints = Arrays.stream(text.split(" "))
                .map(node -> {
                    String id = node.substring(0, 1);
                    states.put(id, state(node.substring(1)));
                    return Bench.endpoint(id).withWeight(id.equals("z") ? 0 : 2);
                })
                .toArray(Endpoint[]::new);
        NodeSet nodes = NodeSet.of(() -> 0, endpoints);
        return Availability.of(nodes, node -> states.get(node.endpoint().id()));
    }

    private static String ids(NodeSet nodes) {
        StringBuilder ids = new StringBuilder();
        nodes.forEach(node -> ids.append(node.endpoint().id()));
        return ids.isEmpty() ? "-" : ids.toString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // nodes            | eligible | healthy | serving | reserve | size
                "aUP bUP cDE        | abc      | ab      | ab      | c       | 3",
                "aUP bDE cDE        | abc      | a       | abc     | -       | 3",
                "aUP bDE            | ab       | a       | a       | b       | 2",
                "aDE bDE            | ab       | -       | ab      | -       | 2",
                "aUP bCH cCH        | abc      | abc     | abc     | -       | 3",
                "aUP bUP cCH        | abc      | ab      | ab      | -       | 2",
                "aDE bCH            | ab       | -       | a       | -       | 1",
                "aCH bCH            | ab       | ab      | ab      | -       | 2",
                "aUP bDO cEJ dHA    | abcd     | a       | a       | -       | 4",
                "aUP bDE cDO dDO    | abcd     | a       | ab      | -       | 4",
                "aUP bDI cDR zUP    | a        | a       | a       | -       | 1",
                "aDO bEJ            | ab       | -       | -       | -       | 2"
            })
    void whoServesAndWhoIsLeft(
            String nodes, String eligible, String healthy, String serving, String reserve, int size) {
        Availability availability = of(nodes.trim());
        assertEquals(eligible.trim(), ids(availability.eligible()));
        assertEquals(healthy.trim(), ids(availability.healthy()));
        assertEquals(serving.trim(), ids(availability.serving()));
        assertEquals(reserve.trim(), ids(availability.reserve()));
        assertEquals(size, availability.size());
    }

    @Test
    void aGroupIsJudgedByItself() {
        Availability all = of("aUP bDE cDE dUP eUP fUP");
        Availability group = all.filter(node -> "abc".contains(node.endpoint().id()));
        assertEquals("adef", ids(all.serving()));
        assertEquals("abc", ids(group.serving()));
    }

    @Test
    void onlySomeOfTheNodesMayBeLeftToUse() {
        Availability all = of("aUP bDE cUP dDI eDO");
        Availability degraded = all.only(all.degraded());
        assertEquals("b", ids(degraded.healthy()));
        assertEquals("abce", ids(degraded.eligible()));
        assertEquals(4, degraded.size());
    }

    @Test
    void inPanicEveryEligibleNodeServesWithTheWeightItHasThen() {
        Availability all = of("aDO bEJ cUP dDI");
        Availability panic =
                all.panicking(all.all().weighted(node -> node.endpoint().id().equals("a") ? 0.5 : 2));
        assertTrue(panic.inPanic());
        assertEquals("abc", ids(panic.serving()));
        assertEquals(0.5, panic.serving().weight(0));
        assertTrue(panic.filter(node -> true).inPanic());
    }
}
