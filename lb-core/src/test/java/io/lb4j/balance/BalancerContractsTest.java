package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.LoadReport;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.testkit.BalancerContract;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/** Every algorithm keeps to the contract. */
class BalancerContractsTest {
    private static Supplier<RandomGenerator> seeded() {
        RandomGenerator random = new SplittableRandom(42);
        return () -> random;
    }

    /** A source whose first number is given. */
    private static Supplier<RandomGenerator> fixed(int value) {
        return () -> new RandomGenerator() {
            @Override
            public long nextLong() {
                return (long) value << 32;
            }
        };
    }

    private static List<Balancer> beforeOverflow(Function<Supplier<RandomGenerator>, Balancer> algorithm) {
        return IntStream.of(Integer.MAX_VALUE - 5, Integer.MAX_VALUE, Integer.MIN_VALUE, -5, (1 << 30) - 5)
                .mapToObj(start -> algorithm.apply(fixed(start)))
                .toList();
    }

    @Nested
    class RoundRobin extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.roundRobin(seeded());
        }

        @Override
        protected List<Balancer> balancersBeforeOverflow() {
            return beforeOverflow(Balancers::roundRobin);
        }
    }

    @Nested
    class Random extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.random(seeded());
        }
    }

    @Nested
    class LeastRequests extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.leastRequests(seeded());
        }
    }

    @Nested
    class LeastCost extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.leastCost((nodes, i, now) -> nodes.get(i).latencyNanos(now), seeded());
        }
    }

    @Nested
    class PowerOfTwoChoices extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.powerOfTwoChoices((nodes, i, now) -> nodes.get(i).inFlight(), seeded());
        }
    }

    @Nested
    class LeastResponseTime extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.leastResponseTime(seeded());
        }
    }

    @Nested
    class WeightedRoundRobin extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.weightedRoundRobin(seeded());
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }

        @Override
        protected List<Balancer> balancersBeforeOverflow() {
            return beforeOverflow(Balancers::weightedRoundRobin);
        }
    }

    /** Weights whose order is computed; 1 and 1 + 1e-5 are equal as far as counts can tell. */
    @Nested
    class WeightedRoundRobinOfOddWeights extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return new OddWeights(Balancers.weightedRoundRobin(seeded()));
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }

        @Override
        protected List<Balancer> balancersBeforeOverflow() {
            return beforeOverflow(random -> new OddWeights(Balancers.weightedRoundRobin(random)));
        }
    }

    /** Makes the weights of a set a little different from each other. */
    private record OddWeights(Balancer balancer) implements Balancer {
        @Override
        public Balancer prepare(NodeSet candidates) {
            return new OddWeights(balancer.prepare(
                    candidates.weighted(node -> node.endpoint().weight() * (1 + 1e-5 * (node.hashCode() & 7)))));
        }

        @Override
        public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
            return balancer.pick(candidates, request, nowNanos);
        }
    }

    @Nested
    class WeightedRandom extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.weightedRandom(seeded());
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }
    }

    @Nested
    class ByBusyness extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.byBusyness(seeded());
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }
    }

    @Nested
    class ByTraffic extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return io.lb4j.balance.ByTraffic.of(0, seeded());
        }
    }

    @Nested
    class ByTrafficThatForgets extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.byTraffic(Duration.ofSeconds(1), seeded());
        }
    }

    @Nested
    class HeartbeatWithoutReports extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.heartbeat(seeded());
        }

        @Override
        protected List<Balancer> balancersBeforeOverflow() {
            return beforeOverflow(Balancers::heartbeat);
        }
    }

    @Nested
    class Heartbeat extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return new Reporting(Balancers.heartbeat(seeded()), Duration.ofHours(-1));
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }
    }

    @Nested
    class ReportedLoadWithoutReports extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.reportedLoad(seeded());
        }

        @Override
        protected List<Balancer> balancersBeforeOverflow() {
            return beforeOverflow(Balancers::reportedLoad);
        }
    }

    @Nested
    class ReportedLoad extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return new Reporting(Balancers.reportedLoad(seeded()), Duration.ofSeconds(10));
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }
    }

    /** Whenever a set is prepared, lets all servers say the same, or have said it some time ago. */
    private record Reporting(Balancer balancer, Duration age) implements Balancer {
        @Override
        public Balancer prepare(NodeSet candidates) {
            LoadReport report = new LoadReport(0.5, 0, 100, 0, 10, 1, candidates.nanoTime() - age.toNanos());
            candidates.forEach(node -> node.loadReport(report));
            return new Reporting(balancer.prepare(candidates), age);
        }

        @Override
        public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
            return balancer.pick(candidates, request, nowNanos);
        }
    }

    @Nested
    class PeakEwma extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.peakEwma(Duration.ofSeconds(10), seeded());
        }
    }

    @Nested
    class Pinned extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.pinned(seeded());
        }

        /** One node for all is what it is for. */
        @Override
        protected double unevenness() {
            return Double.POSITIVE_INFINITY;
        }
    }

    @Nested
    class First extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.first();
        }

        /** One node for all is what it is for. */
        @Override
        protected double unevenness() {
            return Double.POSITIVE_INFINITY;
        }
    }

    @Nested
    class DefaultRandomness {
        @Nested
        class RoundRobin extends BalancerContract {
            @Override
            protected Balancer balancer() {
                return Balancers.roundRobin();
            }
        }

        @Nested
        class LeastRequests extends BalancerContract {
            @Override
            protected Balancer balancer() {
                return Balancers.leastRequests();
            }
        }

        @Nested
        class PowerOfTwoChoices extends BalancerContract {
            @Override
            protected Balancer balancer() {
                return Balancers.powerOfTwoChoices();
            }
        }

        @Nested
        class WeightedRoundRobin extends BalancerContract {
            @Override
            protected Balancer balancer() {
                return Balancers.weightedRoundRobin();
            }
        }

        @Nested
        class WeightedRandom extends BalancerContract {
            @Override
            protected Balancer balancer() {
                return Balancers.weightedRandom();
            }
        }

        @Nested
        class PeakEwma extends BalancerContract {
            @Override
            protected Balancer balancer() {
                return Balancers.peakEwma();
            }
        }
    }
}
