package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.testkit.BalancerContract;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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

    @Nested
    class RoundRobin extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.roundRobin(seeded());
        }

        @Override
        protected List<Balancer> balancersBeforeOverflow() {
            return List.of(
                    Balancers.roundRobin(fixed(Integer.MAX_VALUE - 5)),
                    Balancers.roundRobin(fixed(Integer.MAX_VALUE)),
                    Balancers.roundRobin(fixed(Integer.MIN_VALUE)),
                    Balancers.roundRobin(fixed(-5)));
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
    }
}
