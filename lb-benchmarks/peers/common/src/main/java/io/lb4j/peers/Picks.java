package io.lb4j.peers;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.Lease;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import io.lb4j.Ticker;
import io.lb4j.balance.Balancers;
import io.lb4j.hash.ConsistentHash;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** LB4J's side where picks are compared: an algorithm, prepared for endpoints that have requests in flight. */
@State(Scope.Benchmark)
public abstract class Picks {
    /** The number of endpoints. */
    @Param({"10", "100"})
    public int endpoints = 10;

    private final Balancer algorithm;
    private final boolean weighted;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp first
    private NodeSet nodes;

    @SuppressWarnings("NullAway.Init")
    private Balancer prepared;

    private final Keyed request = new Keyed();

    Picks(Balancer algorithm, boolean weighted) {
        this.algorithm = algorithm;
        this.weighted = weighted;
    }

    /** Prepares. */
    @Setup
    public void setUp() {
        nodes = NodeSet.of(
                Ticker.system(),
                IntStream.range(0, endpoints)
                        .mapToObj(i -> Endpoint.of(Load.host(i), 80).withWeight(weighted ? Load.weight(i) : 1))
                        .toArray(Endpoint[]::new));
        for (int i = 0; i < endpoints; i++) {
            for (int busy = Load.inFlight(i); busy > 0; busy--) {
                Lease stays = nodes.get(i).acquire();
                assert stays.node() == nodes.get(i);
            }
        }
        prepared = algorithm.prepare(nodes);
    }

    /** The time that the engine has read anyway; most algorithms do not look at it. */
    long now() {
        return 0;
    }

    @Nullable
    Node pick() {
        return prepared.pick(nodes, RequestContext.none(), now());
    }

    @Nullable
    Node pickByKey() {
        request.next++;
        return prepared.pick(nodes, request, now());
    }

    /** Another key in each pick; its hash is taken in the pick. Confined to the one thread of the benchmark. */
    private static final class Keyed implements RequestContext {
        private int next;

        @Override
        public CharSequence key() {
            return Load.key(next);
        }
    }

    /** {@code roundRobin}. */
    @State(Scope.Benchmark)
    public static class RoundRobin extends Picks {
        /** For JMH. */
        public RoundRobin() {
            super(Balancers.roundRobin(), false);
        }
    }

    /** {@code weightedRoundRobin}. */
    @State(Scope.Benchmark)
    public static class WeightedRoundRobin extends Picks {
        /** For JMH. */
        public WeightedRoundRobin() {
            super(Balancers.weightedRoundRobin(), true);
        }
    }

    /** {@code random}. */
    @State(Scope.Benchmark)
    public static class Random extends Picks {
        /** For JMH. */
        public Random() {
            super(Balancers.random(), false);
        }
    }

    /** {@code weightedRandom}. */
    @State(Scope.Benchmark)
    public static class WeightedRandom extends Picks {
        /** For JMH. */
        public WeightedRandom() {
            super(Balancers.weightedRandom(), true);
        }
    }

    /** {@code leastRequests}. */
    @State(Scope.Benchmark)
    public static class LeastRequests extends Picks {
        /** For JMH. */
        public LeastRequests() {
            super(Balancers.leastRequests(), false);
        }
    }

    /** {@code powerOfTwoChoices}. */
    @State(Scope.Benchmark)
    public static class TwoChoices extends Picks {
        /** For JMH. */
        public TwoChoices() {
            super(Balancers.powerOfTwoChoices(), false);
        }
    }

    /** {@code leastResponseTime}. */
    @State(Scope.Benchmark)
    public static class LeastResponseTime extends Picks {
        /** For JMH. */
        public LeastResponseTime() {
            super(Balancers.leastResponseTime(), false);
        }

        @Override
        long now() {
            return System.nanoTime();
        }
    }

    /** {@code ringHash}. */
    @State(Scope.Benchmark)
    public static class RingHash extends Picks {
        /** For JMH. */
        public RingHash() {
            super(ConsistentHash.ringHash(), false);
        }
    }

    /** {@code maglev}. */
    @State(Scope.Benchmark)
    public static class Maglev extends Picks {
        /** For JMH. */
        public Maglev() {
            super(ConsistentHash.maglev(), false);
        }
    }
}
