package io.lb4j.health;

import io.lb4j.Node;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a tracker keeps of a node; forgets it when the node is forgotten.
 *
 * <p>Holds nothing itself: the node holds its {@code NodeHealth}, and that the state. Confined to the serialized calls
 * of one tracker.
 */
final class NodeStates<S> {
    private final Map<Node, WeakReference<S>> states = new WeakHashMap<>();

    S keep(Node node, S state) {
        states.put(node, new WeakReference<>(state));
        return state;
    }

    @Nullable
    S of(Node node) {
        WeakReference<S> known = states.get(node);
        return known == null ? null : known.get();
    }
}
