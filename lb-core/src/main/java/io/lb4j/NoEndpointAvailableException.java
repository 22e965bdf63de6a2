package io.lb4j;

/**
 * Thrown when no endpoint can take a request; says why, with the whole picture.
 *
 * <p>It has no stack trace: under overload it is thrown often, and where it comes from is always the same place.
 */
public final class NoEndpointAvailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why no endpoint was available. */
    public enum Reason {
        /** No list of endpoints has arrived yet. */
        NOT_READY,
        /** The list of endpoints is empty. */
        EMPTY,
        /** Every endpoint is disabled, draining or has weight 0. */
        ALL_DISABLED,
        /** Every endpoint that may serve is down or ejected. */
        ALL_DOWN,
        /** The service, or every endpoint that may serve, has as many requests in flight as it may; the queue is full. */
        ALL_AT_CAPACITY,
        /** The request waited in the queue until its time was up. */
        QUEUE_TIMEOUT,
        /** The request excludes every endpoint that may serve. */
        ALL_EXCLUDED,
        /** The request's session is bound to a node that cannot take it, and sessions must not move. */
        STICKY_TARGET_DOWN,
        /** A health tracker admits no further request on any endpoint for now. */
        RATE_LIMITED,
        /** The algorithm, or the locality policy, chose none of the endpoints that may serve. */
        NONE_CHOSEN
    }

    private final Reason reason;
    private final String service;

    NoEndpointAvailableException(String service, Reason reason, String picture) {
        super(service + ": no endpoint available, " + reason + picture, null, false, false);
        this.service = service;
        this.reason = reason;
    }

    /**
     * Returns why no endpoint was available.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the name of the LoadBalancer.
     *
     * @return the name
     */
    public String service() {
        return service;
    }
}
