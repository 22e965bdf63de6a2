package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Balancer;
import io.lb4j.ConsecutiveFailures;
import io.lb4j.Endpoint;
import io.lb4j.HealthProbe;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.MutableEndpointSource;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.RequestContext;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What slow start and ejections do to keys, in a LoadBalancer on virtual time. */
class MaglevHealthTest {
    private static final int KEYS = 10_000;
    private static final int NODES = 10;
    private static final int BAD = 4;

    private final VirtualTime time = new VirtualTime();
    private final Endpoint[] endpoints = Nodes.endpoints(NODES);
    private final MutableEndpointSource source = MutableEndpointSource.of(endpoints);
    private final LoadBalancer balancer = LoadBalancer.builder("orders", source, ConsistentHash.maglev())
            .ticker(time)
            .scheduler(time)
            .healthTracker(ConsecutiveFailures.builder().jitter(1).build())
            .slowStart(Duration.ofSeconds(10), 0.1)
            .build();

    @AfterEach
    void close() {
        balancer.close();
    }

    private String[] owners() {
        return owners(balancer);
    }

    private static String[] owners(LoadBalancer balancer) {
        return IntStream.range(0, KEYS)
                .mapToObj(i -> {
                    try (Lease lease = balancer.acquire(onceOnly("key-" + i))) {
                        return lease.endpoint().id();
                    }
                })
                .toArray(String[]::new);
    }

    /** Not replayable: no trial of an ejected node. */
    private static RequestContext onceOnly(String key) {
        RequestContext request = RequestContext.ofKey(key);
        return new RequestContext() {
            @Override
            public CharSequence key() {
                return key;
            }

            @Override
            public long hashKey() {
                return request.hashKey();
            }

            @Override
            public boolean replayable() {
                return false;
            }
        };
    }

    private Node bad() {
        return Objects.requireNonNull(balancer.nodes().find(endpoints[BAD].id()));
    }

    private void ejectTheBadOne() {
        for (int i = 0; i < 5; i++) {
            try (Lease lease = bad().acquire()) {
                assertTrue(lease.report(Outcome.FAILURE));
            }
        }
        assertEquals(Node.State.EJECTED, bad().state());
    }

    private static void assertOnlyKeysOfTheBadOneMoved(String[] before, String[] after) {
        String gone = Nodes.endpoints(NODES)[BAD].id();
        for (int i = 0; i < KEYS; i++) {
            if (before[i].equals(gone)) {
                assertNotEquals(gone, after[i]);
            } else {
                assertEquals(before[i], after[i]);
            }
        }
    }

    @Test
    void ejectionMovesKeysOfTheEjectedNodeOnlyAndOnce() {
        String[] before = owners();
        ejectTheBadOne();
        String[] atOnce = owners();
        assertOnlyKeysOfTheBadOneMoved(before, atOnce);
        time.advance(Duration.ofMillis(500));
        assertEquals(Arrays.asList(atOnce), Arrays.asList(owners()), "the next plan moved keys again");
    }

    @Test
    void keysComeBackToTheRestoredNodeInStepWithItsSlowStart() {
        String[] before = owners();
        ejectTheBadOne();
        time.advance(Duration.ofMillis(1100));
        try (Lease trial = balancer.acquire(RequestContext.ofKey("trial"))) {
            assertEquals(endpoints[BAD].id(), trial.endpoint().id());
            assertTrue(trial.report(Outcome.SUCCESS));
        }
        time.advance(Duration.ofMillis(500));
        long half = returned(before, owners());
        time.advance(Duration.ofSeconds(2));
        long more = returned(before, owners());
        time.advance(Duration.ofSeconds(5));
        long own = Arrays.stream(before).filter(endpoints[BAD].id()::equals).count();
        assertEquals(0.55, half / (double) own, 0.06);
        assertEquals(0.75, more / (double) own, 0.06);
        assertEquals(Arrays.asList(before), Arrays.asList(owners()));
    }

    /** How many keys the bad node has; all of its own, and all others are where they were. */
    private long returned(String[] before, String[] now) {
        String id = endpoints[BAD].id();
        IntStream.range(0, KEYS).filter(i -> !before[i].equals(id)).forEach(i -> assertEquals(before[i], now[i]));
        return Arrays.stream(now).filter(id::equals).count();
    }

    @Test
    void newNodeInSlowStartHasItsPartOfTheKeysAndMovesNoOthers() {
        Endpoint added = Endpoint.of("10.9.9.9", 8080);
        Endpoint[] more = Arrays.copyOf(endpoints, NODES + 1);
        more[NODES] = added;
        source.set(more);
        String[] full = Nodes.owners(ConsistentHash.maglev(), Nodes.of(more), KEYS);
        long all = Arrays.stream(full).filter(added.id()::equals).count();
        for (int second = 0; second < 10; second += 3) {
            String[] now = owners();
            long part = Arrays.stream(now).filter(added.id()::equals).count();
            assertEquals(Math.max(0.1, second / 10.0), part / (double) all, 0.05, "after " + second + " s");
            for (int i = 0; i < KEYS; i++) {
                assertTrue(full[i].equals(now[i]) || full[i].equals(added.id()));
            }
            time.advance(Duration.ofSeconds(3));
        }
        assertEquals(Arrays.asList(full), Arrays.asList(owners()));
    }

    private static String[] pick(Balancer prepared, NodeSet nodes) {
        return IntStream.range(0, KEYS)
                .mapToObj(i -> Nodes.id(prepared.pick(nodes, RequestContext.ofKey("key-" + i), 0)))
                .toArray(String[]::new);
    }

    private static long needless(String[] before, String[] after, String gone) {
        return IntStream.range(0, before.length)
                .filter(i -> !before[i].equals(gone) && !before[i].equals(after[i]))
                .count();
    }

    @Test
    void tableIsKeptWithoutAnEjectedNodeButNotWithoutARemovedOne() {
        NodeSet all = balancer.nodes();
        NodeSet fewer = Nodes.without(all, BAD);
        Balancer prepared = ConsistentHash.maglev().prepare(all);
        String[] before = pick(prepared, all);
        String gone = endpoints[BAD].id();
        String[] rebuilt = Nodes.owners(ConsistentHash.maglev(), fewer, KEYS);
        assertTrue(needless(before, rebuilt, gone) > 0, "the test would see nothing");
        assertEquals(Arrays.asList(rebuilt), Arrays.asList(pick(prepared.prepare(fewer), fewer)));
        ejectTheBadOne();
        Balancer without = prepared.prepare(fewer);
        assertEquals(0, needless(before, pick(without, fewer), gone));
        assertEquals(Arrays.asList(before), Arrays.asList(pick(without.prepare(all), all)));
    }

    @Test
    void tableIsMadeAgainAfterAMinuteWithoutTheNode() {
        NodeSet all = balancer.nodes();
        NodeSet fewer = Nodes.without(all, BAD);
        Balancer prepared = ConsistentHash.maglev().prepare(all);
        ejectTheBadOne();
        Balancer without = prepared.prepare(fewer);
        String[] kept = pick(without, fewer);
        time.advance(Duration.ofSeconds(60));
        assertEquals(Arrays.asList(kept), Arrays.asList(pick(without.prepare(fewer), fewer)));
        time.advance(Duration.ofSeconds(1));
        assertEquals(
                Arrays.asList(Nodes.owners(ConsistentHash.maglev(), fewer, KEYS)),
                Arrays.asList(pick(without.prepare(fewer), fewer)));
    }

    @Test
    void tableIsMadeAgainIfLessThanHalfIsLeft() {
        NodeSet all = balancer.nodes();
        Balancer prepared = ConsistentHash.maglev().prepare(all);
        for (Node node : all) {
            for (int i = 0; i < 5; i++) {
                try (Lease lease = node.acquire()) {
                    assertTrue(lease.report(Outcome.FAILURE));
                }
            }
        }
        assertEquals(5, ejected(all), "half may be ejected, no more");
        NodeSet up = all.filter(node -> !node.isEjected());
        String[] kept = pick(prepared.prepare(up), up);
        String[] rebuilt = Nodes.owners(ConsistentHash.maglev(), up, KEYS);
        assertNotEquals(Arrays.asList(rebuilt), Arrays.asList(kept));
        NodeSet fewer = Nodes.without(up, 0);
        NodeSet mostlyEjected = all.filter(node -> node != up.get(0));
        Balancer without = ConsistentHash.maglev().prepare(mostlyEjected).prepare(fewer);
        assertEquals(
                Arrays.asList(Nodes.owners(ConsistentHash.maglev(), fewer, KEYS)), Arrays.asList(pick(without, fewer)));
    }

    private static long ejected(NodeSet nodes) {
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).isEjected())
                .count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jumpKeepsItsNumbersWhileNodesAreOutOfService(boolean ejection) {
        NodeSet all = balancer.nodes();
        Balancer prepared = ConsistentHash.jump().prepare(all);
        String[] before = pick(prepared, all);
        if (ejection) {
            ejectTheBadOne();
        } else {
            balancer.disable(endpoints[BAD].id());
            time.advance(Duration.ofHours(1));
        }
        NodeSet fewer = Nodes.without(all, BAD);
        Balancer without = prepared.prepare(fewer);
        assertNotNull(without);
        assertOnlyKeysOfTheBadOneMoved(before, pick(without, fewer));
        assertEquals(Arrays.asList(before), Arrays.asList(pick(without.prepare(all), all)));
    }

    static List<Balancer> kept() {
        return List.of(ConsistentHash.maglev(), ConsistentHash.jump());
    }

    @ParameterizedTest
    @MethodSource("kept")
    void nodeThatIsDegradedForATimeLosesItsOwnKeysOnly(Balancer algorithm) {
        Set<Endpoint> degraded = new HashSet<>();
        HealthProbe probe = (endpoint, timeout) ->
                degraded.contains(endpoint) ? HealthProbe.Verdict.DEGRADED : HealthProbe.Verdict.PASS;
        try (LoadBalancer probed = LoadBalancer.builder("probed", MutableEndpointSource.of(endpoints), algorithm)
                .ticker(time)
                .scheduler(time)
                .healthProbe(probe, HealthProbe.Schedule.standard())
                .probeExecutor(Runnable::run)
                .build()) {
            time.advance(Duration.ofSeconds(30));
            String[] before = owners(probed);
            degraded.add(endpoints[BAD]);
            time.advance(Duration.ofSeconds(30));
            assertOnlyKeysOfTheBadOneMoved(before, owners(probed));
            degraded.clear();
            time.advance(Duration.ofSeconds(30));
            assertEquals(Arrays.asList(before), Arrays.asList(owners(probed)));
        }
    }

    @Test
    void rendezvousRampsLikeMaglev() {
        balancer.switchTo(ConsistentHash.rendezvous());
        String[] before = owners();
        Endpoint[] more = Arrays.copyOf(endpoints, NODES + 1);
        more[NODES] = Endpoint.of("10.9.9.9", 8080);
        source.set(more);
        time.advance(Duration.ofSeconds(5));
        String[] half = owners();
        long moved =
                IntStream.range(0, KEYS).filter(i -> !before[i].equals(half[i])).count();
        assertEquals(KEYS / 11.0 / 2, (double) moved, 100);
        IntStream.range(0, KEYS)
                .forEach(i -> assertTrue(before[i].equals(half[i]) || half[i].equals(more[NODES].id())));
    }
}
