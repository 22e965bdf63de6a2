package io.lb4j.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Lease;
import io.lb4j.LoadBalancerListener;
import io.lb4j.Outcome;
import io.lb4j.balance.Balancers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Policy LEAST_RESPONSE_TIME = Policy.product("lrt", Balancers::leastResponseTime);

    private static SimulationBuilder small() {
        return Simulation.servers(4).workers(2).clients(3).load(0.6).duration(seconds(1), seconds(9));
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    @Test
    void sameSeedGivesTheSameRecording() {
        Simulation simulation =
                small().fault(0, Fault.refusing(seconds(3), seconds(6))).build();
        Figures first = simulation.run(LEAST_RESPONSE_TIME, 7).figures();
        assertEquals(first, simulation.run(LEAST_RESPONSE_TIME, 7).figures());
        assertNotEquals(first, simulation.run(LEAST_RESPONSE_TIME, 8).figures());
    }

    @Test
    void allPoliciesMeetTheSameRequests() {
        List<double[]> demands = new ArrayList<>();
        for (Policy policy : List.of(LEAST_RESPONSE_TIME, Policy.product("random", Balancers::random))) {
            List<Double> drawn = new ArrayList<>();
            ServiceTime exponential = ServiceTime.exponential(Duration.ofMillis(10));
            ServiceTime noted = new ServiceTime() {
                @Override
                public double draw(RandomGenerator random) {
                    drawn.add(exponential.draw(random));
                    return drawn.get(drawn.size() - 1);
                }

                @Override
                public double meanNanos() {
                    return exponential.meanNanos();
                }
            };
            Recording ignored = small().serviceTime(noted).build().run(policy, 1);
            demands.add(drawn.stream().mapToDouble(each -> each).toArray());
        }
        assertTrue(demands.get(0).length > 1_000);
        assertArrayEquals(demands.get(0), demands.get(1));
    }

    @Test
    void everyLeaseIsReportedAndClosedOnce() {
        int[] counts = new int[3];
        LoadBalancerListener listener = new LoadBalancerListener() {
            @Override
            public void leaseAcquired(Lease lease) {
                counts[0]++;
            }

            @Override
            public void leaseReported(Lease lease, Outcome outcome, long latencyNanos) {
                counts[1]++;
            }

            @Override
            public void leaseClosed(Lease lease) {
                counts[2]++;
                assertTrue(lease.node().inFlight() >= 0);
            }
        };
        Policy policy = Policy.product(
                "watched",
                Balancers::leastResponseTime,
                Policy::defaultHealth,
                settings -> settings.listener(listener));
        Recording recording = small().timeout(seconds(1))
                .fault(0, Fault.hanging(seconds(2), seconds(5)))
                .fault(1, Fault.errors(0.2, seconds(4), seconds(8)))
                .leaves(2, seconds(3))
                .joins(3, seconds(6))
                .retries(2)
                .build()
                .run(policy, 3);
        assertTrue(counts[0] >= recording.figures().requests());
        assertEquals(counts[0], counts[1]);
        assertEquals(counts[0], counts[2]);
    }

    @Test
    void serverThatLeavesGetsNothingMoreAndLosesNothing() {
        Recording recording = small().leaves(2, seconds(4)).build().run(LEAST_RESPONSE_TIME, 1);
        assertTrue(recording.share(2, Span.of(seconds(1), seconds(4))) > 0.2);
        assertEquals(0, recording.share(2, Span.of(seconds(4), seconds(10))));
        assertEquals(1, recording.figures().success());
    }

    @Test
    void serverThatJoinsGetsItsShareAfterSlowStart() {
        Recording recording = small().joins(2, seconds(4))
                .duration(seconds(1), seconds(19))
                .build()
                .run(LEAST_RESPONSE_TIME, 1);
        assertEquals(0, recording.share(2, Span.of(seconds(1), seconds(4))));
        double ramping = recording.share(2, Span.of(seconds(4), seconds(8)));
        double warm = recording.share(2, Span.of(seconds(15), seconds(20)));
        assertTrue(ramping > 0 && ramping < 0.15, () -> "ramping " + ramping);
        assertEquals(0.25, warm, 0.05);
    }

    @Test
    void retriesGoToOtherServers() {
        Simulation simulation = Simulation.servers(2)
                .load(0.2)
                .fault(0, Fault.refusing(seconds(0), seconds(100)))
                .duration(seconds(0), seconds(10))
                .build();
        assertTrue(simulation
                        .run(Policy.product("rr", Balancers::roundRobin), 1)
                        .figures()
                        .success()
                < 1);
        Figures retried = simulation
                .withRetries(1)
                .run(Policy.product("rr", Balancers::roundRobin), 1)
                .figures();
        assertEquals(1, retried.success());
    }

    @Test
    void progressGoesFromNothingToAll() {
        List<Double> parts = new ArrayList<>();
        Recording recording = small().build().run(LEAST_RESPONSE_TIME, 1, parts::add);
        assertEquals(parts.stream().sorted().toList(), parts);
        assertEquals(1, parts.get(parts.size() - 1));
        assertTrue(recording.events() > 4 * recording.figures().requests());
    }

    @Test
    void laterChangesOfTheBuilderDoNotReachTheSimulation() {
        SimulationBuilder builder = small();
        Simulation simulation = builder.build();
        Figures before = simulation.run(LEAST_RESPONSE_TIME, 1).figures();
        builder.clients(50).load(0.9).fault(0, Fault.slow(9, seconds(0), seconds(10)));
        assertEquals(before, simulation.run(LEAST_RESPONSE_TIME, 1).figures());
    }

    @Test
    void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Simulation.servers(0));
        assertThrows(IllegalArgumentException.class, () -> small().workers(0));
        assertThrows(IllegalArgumentException.class, () -> small().load(0));
        assertThrows(IllegalArgumentException.class, () -> small().requestsPerSecond(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> small().fault(4, Fault.flapping(2, seconds(1))));
        assertThrows(IllegalArgumentException.class, () -> small().duration(seconds(0), seconds(3_000)));
    }
}
