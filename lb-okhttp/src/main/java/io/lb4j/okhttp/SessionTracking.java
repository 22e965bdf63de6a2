package io.lb4j.okhttp;

import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * How a session is found in a request, and what is done about its answer.
 *
 * <p>Thread-safe; called on callers' threads, so it should not block. The node of a session is known to the
 * {@link io.lb4j.StickinessPolicy} of the LoadBalancer, which is often the same object.
 */
@FunctionalInterface
public interface SessionTracking {
    /**
     * Finds the session of a request; called once per call.
     *
     * @param request the request as the caller has made it, without the cookies of the client's jar
     * @param cookies those of the jar and of the caller; read only when asked for
     * @return what the stickiness policy of the LoadBalancer understands; null if the request has none
     */
    @Nullable
    String session(Request request, CallCookies cookies);

    /**
     * Looks at the answer of an endpoint before the caller gets it; by default does nothing. Not called for answers that
     * came from the cache, are retried, or were got by an {@link EndpointOverride}.
     *
     * @param answer the response, and what led to it; its body must not be read
     * @return the response for the caller, with the same body
     */
    default Response answered(SessionAnswer answer) {
        return answer.response();
    }
}
