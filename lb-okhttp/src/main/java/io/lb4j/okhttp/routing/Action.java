package io.lb4j.okhttp.routing;

import io.lb4j.okhttp.RoutingDecision;
import java.io.IOException;
import java.util.Set;

/** What a rule does with a request that matches; {@link Actions} makes them. Immutable. */
public abstract sealed class Action permits Forward, Answer, Rejection {
    Action() {}

    abstract RoutingDecision decide(RoutingContext call, String rule) throws IOException;

    /** The services that it may send to. */
    abstract Set<String> services();
}
