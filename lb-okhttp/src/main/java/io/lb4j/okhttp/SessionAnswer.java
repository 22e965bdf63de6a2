package io.lb4j.okhttp;

import io.lb4j.Node;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an endpoint, for {@link SessionTracking}. Confined to the thread of the call.
 *
 * @param request the request as the caller has made it
 * @param response the response; those that redirected to it are its {@link Response#priorResponse()}
 * @param session the session that the request had, null if none
 * @param node the node that answered
 * @param bound whether the session, or a new one, belongs to this node from now on: the answer is a success, and the
 *     request was not on a detour from a node that keeps the session
 * @param cookies the cookies of the call
 */
public record SessionAnswer(
        Request request, Response response, @Nullable String session, Node node, boolean bound, CallCookies cookies) {
    /** Checks that all but the session is there. */
    public SessionAnswer {
        Checks.notNull("request", request);
        Checks.notNull("response", response);
        Checks.notNull("node", node);
        Checks.notNull("cookies", cookies);
    }
}
