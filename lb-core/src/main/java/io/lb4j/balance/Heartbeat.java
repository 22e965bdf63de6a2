package io.lb4j.balance;

import io.lb4j.Balancer;
import io.lb4j.LoadReport;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.RequestContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random choice by the free slots that servers report, over one set of nodes. */
final class Heartbeat implements Balancer {
    static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);
    static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** How long the shares stand; servers report once a second. */
    static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Supplier<? extends RandomGenerator> random;
    private final Cursor cursor;
    private final NodeSet nodes;
    private final Interval interval;
    private final Balancer everyone;
    /** In the order of preference; replaced as a whole by the thread that found the interval over. */
    private volatile List<Balancer> choices = List.of();

    private Heartbeat(NodeSet nodes, Cursor cursor, Supplier<? extends RandomGenerator> random) {
        this.random = random;
        this.cursor = cursor;
        this.nodes = nodes;
        this.interval = new Interval(REFRESH_NANOS, nodes.nanoTime());
        this.everyone = new RoundRobin(nodes, cursor);
        refresh(nodes.nanoTime());
    }

    static Balancer of(Supplier<? extends RandomGenerator> random) {
        return new Unprepared(
                "heartbeat",
                nodes -> new Heartbeat(nodes, new Cursor(random.get().nextInt()), random));
    }

    @Override
    public Balancer prepare(NodeSet candidates) {
        return candidates.version() == nodes.version() ? this : new Heartbeat(candidates, cursor, random);
    }

    @Override
    public @Nullable Node pick(NodeSet candidates, RequestContext request, long nowNanos) {
        if (interval.over(nowNanos) > 0) {
            refresh(nowNanos);
        }
        List<Balancer> inOrder = choices;
        Node found = null;
        for (int i = 0; i < inOrder.size() && found == null; i++) {
            found = inOrder.get(i).pick(candidates, request, nowNanos);
        }
        return found;
    }

    private void refresh(long now) {
        double[] slots = new double[nodes.size()];
        Node[] free = new Node[nodes.size()];
        int count = 0;
        for (int i = 0; i < nodes.size(); i++) {
            LoadReport report = nodes.get(i).loadReport();
            if (report != null && report.readySlots() > 0 && now - report.receivedNanos() < STALE_NANOS) {
                slots[count] = report.readySlots() * nodes.effectiveWeight(i, now);
                free[count] = nodes.get(i);
                count += slots[count] > 0 ? 1 : 0;
            }
        }
        List<Balancer> next = new ArrayList<>();
        if (count > 0) {
            next.add(new WeightedRandom(Arrays.copyOf(free, count), Arrays.copyOf(slots, count), random));
        }
        next.add(new RoundRobin(nodes.filter(node -> isHeard(node, now)), cursor));
        next.add(everyone);
        choices = List.copyOf(next);
    }

    private static boolean isHeard(Node node, long now) {
        LoadReport report = node.loadReport();
        return report != null && report.readySlots() >= 0 && now - report.receivedNanos() < GONE_NANOS;
    }
}
