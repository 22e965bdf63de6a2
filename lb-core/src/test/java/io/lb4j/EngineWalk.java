package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.balance.Balancers;
import io.lb4j.locality.Localities;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One LoadBalancer, whatever can happen to it in any order, and what must hold after each step. */
final class EngineWalk implements AutoCloseable {
    private static final String[] IDS = {"a", "b", "c", "d", "e", "f"};
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long QUEUE = TimeUnit.SECONDS.toNanos(2);
    private static final long READY = TimeUnit.SECONDS.toNanos(5);

    private final SplittableRandom random;
    /** What the engine draws, apart from what the walk draws. */
    private final SplittableRandom drawn;

    private final VirtualTime time;
    private final MutableEndpointSource source = MutableEndpointSource.pending();
    private final LoadBalancer balancer;
    private final double mostEjected;
    private final boolean probed;
    private final int queue;

    private final Map<Node, Integer> inFlight = new HashMap<>();
    private final List<Lease> open = new ArrayList<>();
    private final List<Lease> closed = new ArrayList<>();
    private final Map<CompletableFuture<?>, Long> deadlines = new HashMap<>();
    /** By id; the last order sets the deadline of all. */
    private final Map<String, List<CompletableFuture<Integer>>> drains = new HashMap<>();

    private final Map<String, Long> drainDeadlines = new HashMap<>();

    private final List<CompletableFuture<Lease>> waiting = new ArrayList<>();
    private final Map<Node, Node.State> told = new HashMap<>();
    private final Map<String, String> bindings = new HashMap<>();
    private final Map<String, Object> health = new HashMap<>();
    private Set<Node> ejected = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private boolean panic;

    EngineWalk(long seed) {
        this.random = new SplittableRandom(seed);
        this.drawn = random.split();
        long[] starts = {0, Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20), -TimeUnit.SECONDS.toNanos(30)};
        this.time = new VirtualTime(any(starts), Instant.EPOCH);
        this.mostEjected = any(new double[] {0, 0.5, 1});
        this.probed = random.nextInt(3) == 0;
        this.queue = random.nextBoolean() ? 0 : 3;
        LoadBalancerBuilder builder = LoadBalancer.builder("walk", source, algorithm())
                .ticker(time)
                .scheduler(time)
                .random(() -> drawn)
                .healthTracker(ConsecutiveFailures.builder()
                        .failures(2)
                        .random(() -> drawn)
                        .build())
                .listener(new Watcher())
                .locality(locality())
                .mostEjected(mostEjected)
                .panicBelow(any(new double[] {0, 0.5, 1}))
                .grace(random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(60))
                .holdEmpty(random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(30))
                .slowStart(random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(10), 0.1);
        if (queue > 0) {
            builder.queue(queue, Duration.ofNanos(QUEUE));
        }
        if (random.nextBoolean()) {
            builder.stickiness(new Table(), any(SessionFallback.values()));
        }
        if (probed) {
            builder.healthProbe(this::check, HealthProbe.Schedule.standard()).probeExecutor(Runnable::run);
        }
        this.balancer = builder.build();
    }

    private long any(long[] values) {
        return values[random.nextInt(values.length)];
    }

    private double any(double[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private String anyId() {
        return any(IDS);
    }

    private Balancer algorithm() {
        return switch (random.nextInt(4)) {
            case 0 -> Balancers.roundRobin(() -> drawn);
            case 1 -> Balancers.leastRequests(() -> drawn);
            case 2 -> Balancers.leastResponseTime(() -> drawn);
            default -> Bench.FIRST;
        };
    }

    private LocalityPolicy locality() {
        return switch (random.nextInt(9)) {
            case 0 -> LocalityPolicy.none();
            case 1 -> Localities.priorities();
            case 2 -> Localities.zoneAware("east");
            case 3 -> Localities.failover("west", "east");
            case 4 -> Localities.weighted(Map.of("west", 2.0, "east", 1.0));
            case 5 -> Localities.spares();
            case 6 -> Localities.subset(2, "walk");
            case 7 -> Localities.priorities().within(Localities.aperture(2, 1, 3));
            default -> LocalityPolicy.byPriority();
        };
    }

    private HealthProbe.Verdict check(Endpoint endpoint, Duration timeout) {
        Object answer = health.getOrDefault(endpoint.id(), HealthProbe.Verdict.PASS);
        if (answer instanceof HealthProbe.Verdict verdict) {
            return verdict;
        }
        throw new IllegalStateException(answer.toString());
    }

    // ------------------------------------------------------------------------------------------ steps

    void step() {
        Set<Node> before = ejected;
        boolean ejects = false;
        int what = random.nextInt(100);
        if (what < 30) {
            acquire();
        } else if (what < 60) {
            ejects = true;
            use();
        } else if (what < 70) {
            deliver();
        } else if (what < 82) {
            order();
        } else if (what < 94) {
            pass(random.nextInt(4) == 0 ? random.nextLong(90_000) : random.nextLong(3_000));
        } else if (what < 96) {
            balancer.switchTo(algorithm());
        } else if (what < 98) {
            health.put(anyId(), random.nextBoolean() ? "503" : any(HealthProbe.Verdict.values()));
        } else {
            settle();
        }
        holds(before, ejects);
    }

    private void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    private RequestContext request() {
        boolean replayable = random.nextInt(3) > 0;
        String excluded = random.nextInt(4) == 0 ? anyId() : null;
        String session = random.nextInt(3) == 0 ? "s" + random.nextInt(5) : null;
        return new RequestContext() {
            @Override
            public boolean replayable() {
                return replayable;
            }

            @Override
            public String session() {
                return session;
            }

            @Override
            public boolean hasExclusions() {
                return excluded != null;
            }

            @Override
            public boolean excludes(Node node) {
                return node.endpoint().id().equals(excluded);
            }
        };
    }

    private void acquire() {
        if (random.nextBoolean()) {
            Lease lease = balancer.tryAcquire(request());
            if (lease != null) {
                open.add(lease);
            }
            return;
        }
        boolean ready = balancer.ready().isDone();
        CompletableFuture<Lease> asked = balancer.acquireAsync(request());
        deadlines.put(asked, time.nanoTime() + (ready ? QUEUE : READY));
        waiting.add(asked);
        var ignored = asked.thenAccept(open::add);
        if (random.nextInt(5) == 0) {
            asked.cancel(false);
        }
    }

    private void use() {
        if (open.isEmpty()) {
            return;
        }
        Lease lease = open.get(random.nextInt(open.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> lease.report(Outcome.SUCCESS);
            case 3, 4, 5 -> lease.report(Outcome.FAILURE);
            case 6 -> lease.overloaded(Duration.ofMillis(1 + random.nextInt(100_000)));
            case 7 -> lease.broken(Outcome.TIMED_OUT);
            default -> {}
        }
        if (random.nextBoolean()) {
            open.remove(lease);
            closed.add(lease);
            lease.close();
        }
        if (!closed.isEmpty() && random.nextInt(10) == 0) {
            Lease done = closed.get(random.nextInt(closed.size()));
            done.close();
            assertFalse(done.report(Outcome.FAILURE));
        }
    }

    private void deliver() {
        List<Endpoint> all = new ArrayList<>();
        int part = random.nextInt(5);
        for (String id : IDS) {
            if (random.nextInt(4) < part) {
                all.add(Bench.endpoint(id)
                        .withWeight(any(new double[] {0, 1, 1, 3}))
                        .withPriority(random.nextInt(2))
                        .withZone(any(new String[] {"", "east", "west"}))
                        .withAttribute("lb4j.role", any(new String[] {"", "spare", "standby"}))
                        .withMaxInFlight(random.nextBoolean() ? Endpoint.MOST_IN_FLIGHT : 1 + random.nextInt(2))
                        .withDraining(random.nextInt(8) == 0));
            }
        }
        if (!all.isEmpty() && random.nextInt(5) == 0) {
            all.add(all.get(0)
                    .withZone(random.nextBoolean() ? "elsewhere" : all.get(0).zone()));
        }
        source.set(all);
    }

    private void order() {
        String id = anyId();
        if (balancer.nodes().find(id) == null) {
            return;
        }
        switch (random.nextInt(7)) {
            case 0 -> balancer.disable(id);
            case 1, 2 -> balancer.enable(id);
            case 3 -> {
                Duration most = Duration.ofMillis(random.nextInt(20_000));
                drainDeadlines.put(id, time.nanoTime() + most.toNanos()); // a listener may order another one meanwhile
                drains.computeIfAbsent(id, same -> new ArrayList<>()).add(balancer.drain(id, most));
                drains.get(id).forEach(each -> deadlines.put(each, drainDeadlines.get(id)));
            }
            case 4 -> balancer.undrain(id);
            case 5 -> balancer.reweight(id, random.nextInt(3));
            default -> balancer.resetWeight(id);
        }
    }

    /** Lets the plan follow, and looks whether it has. */
    private void settle() {
        pass(100);
        List<Node> untold = new ArrayList<>();
        balancer.nodes().forEach(untold::add);
        untold.removeIf(node -> told.get(node) == node.state());
        if (!untold.isEmpty()) { // a check may have changed something just now
            pass(100);
        }
        untold.removeIf(node -> told.get(node) == node.state() || node.has(Node.GONE));
        assertEquals(List.of(), untold, () -> "the listener was told " + told);
        if (waiting.stream().allMatch(CompletableFuture::isDone)) {
            Lease lease = balancer.tryAcquire(RequestContext.none());
            if (lease == null) {
                for (Node node : balancer.nodes()) {
                    boolean free = node.state() == Node.State.UP && weight(node) > 0 && !node.isFull();
                    assertFalse(free, () -> "nobody was chosen though there is " + node);
                }
            } else {
                open.add(lease);
            }
        }
    }

    private double weight(Node node) {
        NodeSet all = balancer.nodes();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) == node) {
                return all.weight(i);
            }
        }
        return 0;
    }

    // ------------------------------------------------------------------------------------------ what must hold

    private void holds(Set<Node> ejectedBefore, boolean byVerdict) {
        assertEquals(List.of(), violations);
        Map<Node, Integer> counted = new HashMap<>();
        open.forEach(lease -> counted.merge(lease.node(), 1, Integer::sum));
        inFlight.keySet().forEach(node -> assertEquals(counted.getOrDefault(node, 0), node.inFlight(), node::toString));
        long now = time.nanoTime();
        deadlines.forEach((future, deadline) ->
                assertTrue(future.isDone() || now - deadline <= LATE, () -> "still waits after its time: " + future));
        deadlines.keySet().removeIf(CompletableFuture::isDone);
        waiting.removeIf(CompletableFuture::isDone);
        Set<Node> members = new HashSet<>();
        balancer.nodes().forEach(node -> {
            if (weight(node) > 0 && !node.has(Node.DISABLED | Node.DRAINING)) {
                members.add(node);
            }
        });
        ejected = new HashSet<>(members);
        ejected.removeIf(node -> !node.isEjected());
        if (byVerdict && !ejectedBefore.containsAll(ejected)) {
            int most = Math.max(1, (int) (mostEjected * members.size()));
            assertTrue(ejected.size() <= most, () -> ejected + " of " + members);
            assertTrue(members.stream().anyMatch(node -> !node.has(Node.UNUSABLE)), "the last one was ejected");
        }
    }

    /** Ends all that is under way: then nothing is due any more, and nothing is scheduled. */
    void rest() {
        waiting.forEach(each -> each.cancel(false));
        open.forEach(Lease::close);
        open.clear();
        pass(600_000);
        holds(ejected, false);
        int checks = probed ? balancer.nodes().size() : 0;
        assertEquals(checks, time.waiting(), "nothing is due");
        inFlight.keySet().forEach(node -> assertEquals(0, node.inFlight()));
    }

    @Override
    public void close() {
        balancer.close();
        assertTrue(deadlines.keySet().stream().allMatch(CompletableFuture::isDone), "closed");
        assertEquals(0, time.waiting());
    }

    private final class Watcher implements LoadBalancerListener {
        @Override
        public void leaseAcquired(Lease lease) {
            Node node = lease.node();
            inFlight.put(node, node.inFlight());
            check(!node.has(Node.DISABLED | Node.GONE), node, "is out and was chosen");
            check(lease.isTrial() || panic || !node.has(Node.EJECTED | Node.DOWN), node, "is unwell and was chosen");
            if (lease.isTrial()) {
                check(node.state() == Node.State.HALF_OPEN || node.has(Node.DRAINING), node, "is tried");
                long others = open.stream()
                        .filter(each -> each.node() == node && each.isTrial())
                        .count();
                check(others == 0, node, "is tried twice");
            }
        }

        /** Exceptions of a listener are contained, so they are kept until the step is over. */
        private void check(boolean fine, Node node, String what) {
            if (!fine) {
                violations.add(node + " " + what);
            }
        }

        @Override
        public void nodeAdded(Node node) {
            told.put(node, node.state());
        }

        @Override
        public void stateChanged(Node node, Node.State from, Node.State to, String reason) {
            check(told.get(node) == from, node, "was " + told.get(node) + " and not " + from);
            told.put(node, to);
            if (random.nextInt(10) == 0) {
                order();
            }
        }

        @Override
        public void panicChanged(boolean begins) {
            panic = begins;
        }
    }

    private final class Table implements StickinessPolicy {
        @Override
        public Node lookup(String session, NodeSet all, long nowNanos) {
            String id = bindings.get(session);
            return id == null ? null : all.find(id);
        }

        @Override
        public void bind(String session, Node node, long nowNanos) {
            bindings.put(session, node.endpoint().id());
        }
    }
}
