package io.lb4j.okhttp.resilience;

import io.github.resilience4j.core.Registry;
import java.time.Duration;

/**
 * The entry of one node in a Resilience4j registry. It leaves the registry a minute after the node has left the list of
 * endpoints, and is made anew if the node returns later.
 */
abstract class RegisteredNode<E> {
    private static final long ABSENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Registry<E, ?> registry;
    private final String name;
    /** Written by the serialized calls of the tracker. */
    private volatile E entry;
    /** Confined to the serialized calls of the tracker. */
    private boolean absent;
    /** When the node was first seen to be absent; confined in the same way. */
    private long absentSince;

    RegisteredNode(Registry<E, ?> registry, String name, E entry) {
        this.registry = registry;
        this.name = name;
        this.entry = entry;
    }

    /** Takes the entry from the registry, or makes it. */
    abstract E register();

    final E entry() {
        return entry;
    }

    final void onTick(boolean present, long now) {
        if (present) {
            absent = false;
            if (registry.find(name).isEmpty()) {
                entry = register();
            }
        } else if (!absent) {
            absent = true;
            absentSince = now;
        } else if (now - absentSince >= ABSENCE_NANOS
                && registry.find(name).filter(found -> found == entry).isPresent()) {
            registry.remove(name);
        }
    }
}
