package io.lb4j.okhttp.routing;

import io.lb4j.okhttp.RoutingDecision;
import java.util.Set;

/** Refuses a request with an exception. */
final class Rejection extends Action {
    private final String reason;

    Rejection(String reason) {
        this.reason = reason;
    }

    @Override
    RoutingDecision decide(RoutingContext call, String rule) throws RoutingException {
        throw new RoutingException(
                RoutingException.Reason.REJECTED,
                "rule " + rule + " rejects " + call.request().method() + ' ' + call.path() + ": " + reason);
    }

    @Override
    Set<String> services() {
        return Set.of();
    }
}
