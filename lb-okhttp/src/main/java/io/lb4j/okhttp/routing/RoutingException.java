package io.lb4j.okhttp.routing;

import java.io.IOException;

/** A request goes nowhere: no rule matches it, a rule refuses it, or its path is ambiguous. No server has been asked. */
public final class RoutingException extends IOException {
    private static final long serialVersionUID = 1;

    /** Why a request goes nowhere. */
    public enum Reason {
        /** No rule matches, and the router has no default. */
        NO_RULE,
        /** A rule rejects it. */
        REJECTED,
        /** Servers may understand its path in different ways, so no rule can be trusted. */
        AMBIGUOUS_PATH
    }

    /** Why. */
    private final Reason reason;

    RoutingException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Returns why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
