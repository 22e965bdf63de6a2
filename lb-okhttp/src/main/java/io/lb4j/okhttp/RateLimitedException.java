package io.lb4j.okhttp;

import java.io.IOException;

/**
 * A call was not made because a rate limit of this client leaves no room for it: the client's own 429. No server was asked.
 *
 * <p>Its cause is Resilience4j's {@code RequestNotPermitted}, or a {@link io.lb4j.NoEndpointAvailableException} with the
 * reason {@code RATE_LIMITED} if all endpoints are at their limits. A {@link ThrottledException} has no cause.
 */
public sealed class RateLimitedException extends IOException permits ThrottledException {
    private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message which limit it was
     * @param cause what refused the call
     */
    public RateLimitedException(String message, Throwable cause) {
        super(message, cause);
    }

    RateLimitedException(String message) {
        super(message);
    }
}
