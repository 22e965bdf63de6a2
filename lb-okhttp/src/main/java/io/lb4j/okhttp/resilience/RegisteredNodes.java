package io.lb4j.okhttp.resilience;

import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/** What a tracker keeps of its nodes, and forgets with them. Confined to the serialized calls of the tracker. */
final class RegisteredNodes<R extends RegisteredNode<?>> {
    /** The node holds its {@code NodeHealth}, and that the registered node. */
    private final Map<Node, WeakReference<R>> nodes = new WeakHashMap<>();

    R keep(Node node, R registered) {
        nodes.put(node, new WeakReference<>(registered));
        return registered;
    }

    void onTick(NodeSet all, long now, Consumer<R> then) {
        nodes.forEach((node, reference) -> {
            R registered = reference.get();
            if (registered != null) {
                registered.onTick(all.find(node.endpoint().id()) == node, now);
                then.accept(registered);
            }
        });
    }
}
