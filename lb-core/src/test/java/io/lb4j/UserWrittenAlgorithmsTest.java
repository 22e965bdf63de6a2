package io.lb4j;

import io.lb4j.balance.Balancers;
import io.lb4j.testkit.BalancerContract;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/** Algorithms as users write them, with nothing but what is public, keep to the contract. */
class UserWrittenAlgorithmsTest {
    private final RandomGenerator random = new SplittableRandom(15);

    @Nested
    class ALambda extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return (nodes, request, now) -> {
                Node picked = null;
                int seen = 0;
                for (int i = 0; i < nodes.size(); i++) {
                    Node node = nodes.get(i);
                    if (nodes.weight(i) > 0 && !request.excludes(node) && random.nextInt(++seen) == 0) {
                        picked = node;
                    }
                }
                return picked;
            };
        }
    }

    @Nested
    class ACostOfAll extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.leastCost(
                    (nodes, i, now) -> {
                        Node node = nodes.get(i);
                        return (node.inFlight() + 1) * (1 + node.failureRate(now)) / nodes.effectiveWeight(i, now);
                    },
                    () -> random);
        }
    }

    @Nested
    class ACostOfTwo extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return Balancers.powerOfTwoChoices(
                    (nodes, i, now) -> nodes.get(i).bytesPerSecond(now) / nodes.weight(i), () -> random);
        }
    }

    @Nested
    class AClassWithATable extends BalancerContract {
        @Override
        protected Balancer balancer() {
            return new Lottery(new AtomicLong(), new double[0]);
        }

        @Override
        protected boolean honoursWeights() {
            return true;
        }
    }

    /** Draws by weight from a table of running sums, with a count for a source of randomness. */
    private static final class Lottery implements Balancer {
        private final AtomicLong count;
        private final double[] sums;

        Lottery(AtomicLong count, double[] sums) {
            this.count = count;
            this.sums = sums;
        }

        @Override
        public Balancer prepare(NodeSet candidates) {
            double[] next = new double[candidates.size()];
            double sum = 0;
            for (int i = 0; i < next.length; i++) {
                sum += candidates.weight(i);
                next[i] = sum;
            }
            return new Lottery(new AtomicLong(count.get()), next);
        }

        @Override
        public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
            double allowed = 0;
            for (int i = 0; i < sums.length; i++) {
                allowed += request.excludes(candidates.get(i)) ? 0 : weight(i);
            }
            double left = allowed * ((HashKey.of(count.getAndIncrement()) >>> 11) * 0x1p-53);
            for (int i = 0; i < sums.length; i++) {
                left -= request.excludes(candidates.get(i)) ? 0 : weight(i);
                if (left < 0) {
                    return candidates.get(i);
                }
            }
            return null;
        }

        private double weight(int i) {
            return i == 0 ? sums[0] : sums[i] - sums[i - 1];
        }
    }
}
