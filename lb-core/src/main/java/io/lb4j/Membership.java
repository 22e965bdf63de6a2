package io.lb4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which nodes there are, and for how long those that left are remembered; confined to the Roster. */
final class Membership {
    private static final System.Logger LOG = System.getLogger("io.lb4j");

    private final Pool pool;
    private final Settings settings;
    private final Events events;
    private final Map<String, Node> departed = new LinkedHashMap<>();
    private final Map<String, Long> departedAt = new LinkedHashMap<>();
    /** Since when an empty delivery is held back; null if none is. */
    private @Nullable Long emptySince;

    private Map<String, Node> members = new LinkedHashMap<>();
    /** Those the last delivery does not name; they serve until a plan without them is published. */
    private final Map<String, Node> leaving = new LinkedHashMap<>();

    private boolean delivered;
    private boolean redescribed;

    /** What the Roster does with a change of membership. */
    interface Events {
        void joined(Node node);

        void left(Node node);

        void forgotten(Node node);

        void failed(Throwable cause);
    }

    Membership(Pool pool, Settings settings, Events events) {
        this.pool = pool;
        this.settings = settings;
        this.events = events;
    }

    List<Node> nodes() {
        return List.copyOf(members.values());
    }

    /** A member, or one that still serves because no plan without it is published yet. */
    @Nullable
    Node find(String id) {
        return members.getOrDefault(id, leaving.get(id));
    }

    /** Whether any delivery has been applied, be it an empty one. */
    boolean delivered() {
        return delivered;
    }

    /** Whether the last delivery describes a member otherwise than the one before. */
    boolean redescribed() {
        return redescribed;
    }

    /** Takes a delivery; true if the plan must be made again. */
    boolean deliver(List<Endpoint> all, long now) {
        Map<String, Endpoint> next = distinct(all);
        if (next.isEmpty() && !members.isEmpty() && settings.holdEmptyNanos() > 0) {
            if (emptySince == null) {
                emptySince = now;
                LOG.log(System.Logger.Level.WARNING, "{0}: empty list of endpoints, held back", settings.name());
            }
            return false;
        }
        emptySince = null;
        apply(next, now);
        return true;
    }

    private Map<String, Endpoint> distinct(List<Endpoint> all) {
        Map<String, Endpoint> distinct = new LinkedHashMap<>();
        List<String> conflicts = new ArrayList<>();
        for (Endpoint endpoint : all) {
            Endpoint first = distinct.putIfAbsent(endpoint.id(), endpoint);
            if (first != null && first.equals(endpoint)) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1} delivered twice", settings.name(), endpoint);
            } else if (first != null) {
                conflicts.add(endpoint.id());
            }
        }
        for (String id : conflicts) {
            Node known = members.get(id);
            if (known == null) {
                distinct.remove(id);
            } else {
                distinct.put(id, known.endpoint());
            }
            events.failed(Checks.bad("endpoints", id, "each id once, or each time the same; the last truth stands"));
        }
        return distinct;
    }

    private void apply(Map<String, Endpoint> next, long now) {
        boolean warm = members.values().stream().anyMatch(staysWarm(next, now));
        Map<String, Node> before = members;
        Map<String, Node> after = new LinkedHashMap<>();
        redescribed = false;
        next.forEach((id, endpoint) -> after.put(id, node(before.get(id), endpoint)));
        members = after;
        delivered = true;
        before.forEach((id, node) -> {
            if (!after.containsKey(id)) {
                leaving.put(id, node);
            }
        });
        after.forEach((id, node) -> {
            if (!before.containsKey(id)) {
                join(id, node, warm, now);
            }
        });
    }

    private Predicate<Node> staysWarm(Map<String, Endpoint> next, long now) {
        return node -> next.containsKey(node.endpoint().id()) && !node.has(Node.UNUSABLE) && !node.isRamping(now);
    }

    private Node node(@Nullable Node member, Endpoint endpoint) {
        Node known = member == null ? leaving.getOrDefault(endpoint.id(), departed.get(endpoint.id())) : member;
        if (known == null) {
            return Node.create(pool, endpoint);
        }
        redescribed |= !known.endpoint().equals(endpoint);
        known.describe(endpoint);
        return known;
    }

    private void join(String id, Node node, boolean warm, long now) {
        if (leaving.remove(id) != null) {
            return;
        }
        boolean returned = departed.remove(id) != null;
        departedAt.remove(id);
        node.flag(Node.GONE, false, "returned");
        if (warm) {
            node.ramp(now, returned ? 0.5 : 0);
        }
        events.joined(node);
    }

    /** Parts from those that left, now that a plan without them is published; true if there are any. */
    boolean retire(long now) {
        Map<String, Node> retired = new LinkedHashMap<>(leaving);
        leaving.clear();
        retired.forEach((id, node) -> leave(id, node, now));
        return !retired.isEmpty();
    }

    private void leave(String id, Node node, long now) {
        node.flag(Node.GONE, true, "left the list of endpoints");
        departed.put(id, node);
        departedAt.put(id, now);
        events.left(node);
    }

    /** Does what time alone brings; true if the plan must be made again. */
    boolean tick(long now, Due due) {
        List<String> over = new ArrayList<>();
        departedAt.forEach((id, at) -> {
            if (now - at >= settings.graceNanos()) {
                over.add(id);
            } else {
                due.at(at + settings.graceNanos());
            }
        });
        forget(over);
        Long since = emptySince;
        if (since != null && now - since < settings.holdEmptyNanos()) {
            due.at(since + settings.holdEmptyNanos());
        } else if (since != null) {
            emptySince = null;
            apply(Map.of(), now);
            return true;
        }
        return false;
    }

    private void forget(List<String> ids) {
        Consumer<Node> forgotten = events::forgotten;
        for (String id : ids) {
            departedAt.remove(id);
            Node node = departed.remove(id);
            if (node != null) {
                forgotten.accept(node);
            }
        }
    }
}
