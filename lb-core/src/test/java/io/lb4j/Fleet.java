package io.lb4j;

import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Servers whose faults a test sets, under steady traffic through a LoadBalancer; all on virtual time, all randomness
 * from one seed.
 */
final class Fleet implements AutoCloseable {
    /** What a server does with its requests: how many it fails, and after what time it answers. */
    record Behaviour(double failures, long latencyMicros) {
        static final Behaviour GOOD = new Behaviour(0, 2_000);
        static final Behaviour BAD = new Behaviour(1, 500);

        static Behaviour failing(double part) {
            return new Behaviour(part, 2_000);
        }
    }

    final VirtualTime time = new VirtualTime();
    final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    final LoadBalancer balancer;
    /** How often a node went out. */
    final Map<String, Integer> ejections = new TreeMap<>();

    int panics;
    int sent;
    int failed;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, Integer> served = new HashMap<>();

    Fleet(int servers, Balancer algorithm, UnaryOperator<LoadBalancerBuilder> settings) {
        Endpoint[] endpoints =
                IntStream.range(0, servers).mapToObj(i -> Bench.endpoint(id(i))).toArray(Endpoint[]::new);
        LoadBalancerBuilder builder = LoadBalancer.builder("fleet", MutableEndpointSource.of(endpoints), algorithm)
                .ticker(time)
                .scheduler(time)
                .random(() -> random)
                .listener(new Ejections());
        this.balancer = settings.apply(builder).build();
    }

    /** A source of randomness for algorithms and trackers, the same in every run. */
    static Supplier<RandomGenerator> seeded(long seed) {
        RandomGenerator generator =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        return () -> generator;
    }

    static String id(int server) {
        return "s" + server;
    }

    Fleet set(Behaviour behaviour, int... servers) {
        for (int server : servers) {
            behaviours.put(id(server), behaviour);
        }
        return this;
    }

    Node node(int server) {
        return balancer.nodes().find(id(server));
    }

    /** Which part of the requests of the last {@link #run} the server got. */
    double share(int server) {
        return served.getOrDefault(id(server), 0) / (double) Math.max(1, sent);
    }

    double failureRate() {
        return failed / (double) Math.max(1, sent);
    }

    /** Sends requests at a steady rate. */
    Fleet run(int seconds, int perSecond) {
        sent = 0;
        failed = 0;
        served.clear();
        Duration gap = Duration.ofNanos(1_000_000_000L / perSecond);
        for (int i = 0; i < seconds * perSecond; i++) {
            time.advance(gap);
            send();
        }
        return this;
    }

    private void send() {
        Lease lease = balancer.acquire(RequestContext.none());
        String id = lease.endpoint().id();
        sent++;
        served.merge(id, 1, Integer::sum);
        Behaviour behaviour = behaviours.getOrDefault(id, Behaviour.GOOD);
        boolean fails = random.nextDouble() < behaviour.failures;
        failed += fails ? 1 : 0;
        ScheduledFuture<?> ignored = time.schedule(
                () -> {
                    lease.report(fails ? Outcome.FAILURE : Outcome.SUCCESS);
                    lease.close();
                },
                behaviour.latencyMicros,
                TimeUnit.MICROSECONDS);
    }

    /** The servers that are out now. */
    List<String> out() {
        return IntStream.range(0, balancer.nodes().size())
                .filter(i -> node(i).isEjected())
                .mapToObj(Fleet::id)
                .toList();
    }

    @Override
    public void close() {
        balancer.close();
    }

    private final class Ejections implements LoadBalancerListener {
        @Override
        public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
            if (to == Node.State.EJECTED && from != Node.State.HALF_OPEN) {
                ejections.merge(node.endpoint().id(), 1, Integer::sum);
            }
        }

        @Override
        public void panicChanged(boolean panic) {
            panics += panic ? 1 : 0;
        }
    }
}
