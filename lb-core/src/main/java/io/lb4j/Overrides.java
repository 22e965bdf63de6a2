package io.lb4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What operators have ordered, by id of the endpoint; wins over deliveries until undone; confined to the Roster.
 *
 * <p>An order outlives the node it was given for: an endpoint that leaves and returns is still disabled. Of those that
 * do not return, the last {@value #MOST_ABSENT} are remembered.
 */
final class Overrides {
    /** Addresses of servers that come and go may never be used again. */
    private static final int MOST_ABSENT = 1_000;

    private final boolean sessions;
    private final Map<String, Order> orders = new HashMap<>();
    /** Those of them whose endpoint is not there, the one that left first comes first. */
    private final Set<String> absent = new LinkedHashSet<>();

    private static final class Order {
        private boolean disabled;
        private @Nullable Double weight;
        private @Nullable Drain drain;

        boolean isEmpty() {
            return !disabled && weight == null && drain == null;
        }
    }

    /** A drain that runs, or has run and left its endpoint disabled. */
    private static final class Drain {
        /** The nodes that stand for the endpoint, several if it left and returned as another; none when it is over. */
        private final Set<Node> nodes = new HashSet<>();

        private final CompletableFuture<Integer> done;
        private final long deadline;

        Drain(Set<Node> nodes, CompletableFuture<Integer> done, long deadline) {
            this.nodes.addAll(nodes);
            this.done = done;
            this.deadline = deadline;
        }

        int inFlight() {
            return nodes.stream().mapToInt(Node::inFlight).sum();
        }

        void end() {
            int left = inFlight();
            nodes.forEach(node -> node.flag(Node.DRAINED, true, "drained"));
            nodes.clear();
            done.complete(left);
        }
    }

    /**
     * Starts without orders.
     *
     * @param sessions whether sessions may come back to an idle node, so that only its deadline ends a drain
     */
    Overrides(boolean sessions) {
        this.sessions = sessions;
    }

    double weight(Node node) {
        Order order = orders.get(node.endpoint().id());
        return order == null || order.weight == null ? node.targetWeight() : order.weight;
    }

    /** The weight, whatever the server asks for. */
    double weightUnasked(Node node) {
        Order order = orders.get(node.endpoint().id());
        return order == null || order.weight == null ? node.endpoint().weight() : order.weight;
    }

    void disable(Node node) {
        order(node).disabled = true;
        apply(node, "disabled by an operator");
    }

    void enable(Node node) {
        order(node).disabled = false;
        endDrain(node, "enabled");
        apply(node, "enabled by an operator");
    }

    void reweight(Node node, @Nullable Double weight) {
        order(node).weight = weight;
        tidy(node);
    }

    void drain(Node node, long deadline, CompletableFuture<Integer> done) {
        Drain running = order(node).drain;
        if (running != null && !running.done.isDone()) { // the later order sets the deadline, both futures end with it
            var ignored = running.done.whenComplete((left, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                } else {
                    done.complete(left);
                }
            });
            running.nodes.add(node);
            order(node).drain = new Drain(running.nodes, running.done, deadline);
        } else {
            order(node).drain = new Drain(Set.of(node), done, deadline);
        }
        apply(node, "drained by an operator");
    }

    void undrain(Node node) {
        endDrain(node, "undrained");
        apply(node, "undrained by an operator");
    }

    private void endDrain(Node node, String how) {
        Drain drain = order(node).drain;
        order(node).drain = null;
        if (drain != null && !drain.done.isDone()) {
            drain.done.completeExceptionally(new CancellationException(how));
        }
    }

    private Order order(Node node) {
        return orders.computeIfAbsent(node.endpoint().id(), id -> new Order());
    }

    private void tidy(Node node) {
        if (order(node).isEmpty()) {
            orders.remove(node.endpoint().id());
        }
    }

    /** Brings the flags of a node in line with the orders. */
    private void apply(Node node, String why) {
        Order order = order(node);
        Drain drain = order.drain;
        node.flag(Node.ORDERED_OUT, order.disabled, why);
        node.flag(Node.ORDERED_DRAIN, drain != null, why);
        node.flag(Node.DRAINED, drain != null && drain.done.isDone(), why);
        tidy(node);
    }

    /** A node has left; maybe it returns. */
    void left(Node node) {
        String id = node.endpoint().id();
        if (!orders.containsKey(id)) {
            return;
        }
        absent.add(id);
        Iterator<String> oldest = absent.iterator();
        while (absent.size() > MOST_ABSENT && oldest.hasNext()) {
            String eldest = oldest.next();
            Order order = orders.get(eldest);
            if (order == null || order.drain == null || order.drain.done.isDone()) {
                orders.remove(eldest);
                oldest.remove();
            }
        }
    }

    /** A node has joined, maybe one that orders are waiting for. */
    void joined(Node node) {
        absent.remove(node.endpoint().id());
        Order order = order(node);
        if (order.drain != null && !order.drain.done.isDone()) {
            order.drain.nodes.add(node);
        }
        apply(node, "ordered by an operator before it joined");
    }

    /** Ends drains that are idle or out of time; true if the plan must be made again. */
    boolean tick(long now, Due due) {
        List<Drain> over = new ArrayList<>();
        for (Order order : orders.values()) {
            Drain drain = order.drain;
            if (drain != null && !drain.done.isDone()) {
                boolean idle = !sessions && drain.inFlight() == 0;
                if (idle || now - drain.deadline >= 0) {
                    over.add(drain);
                } else {
                    due.at(drain.deadline);
                }
            }
        }
        over.forEach(Drain::end);
        return !over.isEmpty();
    }

    void close() {
        for (Order order : orders.values()) {
            if (order.drain != null) {
                order.drain.done.completeExceptionally(new CancellationException("closed"));
            }
        }
    }
}
