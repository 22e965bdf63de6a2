package io.lb4j.locality;

import io.lb4j.Availability;
import io.lb4j.Endpoint;
import io.lb4j.LocalityPolicy;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Some localities and no others, come what may.
 *
 * @param locality where an endpoint is
 * @param allowed where it may be
 * @param within arranges those that are left
 */
record Restricted(Function<? super Endpoint, String> locality, Set<String> allowed, LocalityPolicy within)
        implements LocalityPolicy {
    @Override
    public List<Tier> arrange(Availability nodes) {
        Availability left = there(nodes);
        return left.usable().isEmpty() ? List.of() : within.arrange(left);
    }

    @Override
    public boolean suffices(Availability nodes) {
        return within.suffices(there(nodes));
    }

    private Availability there(Availability nodes) {
        return nodes.filter(node -> allowed.contains(locality.apply(node.endpoint())));
    }
}
