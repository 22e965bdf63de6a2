package io.lb4j.okhttp;

import java.io.IOException;
import java.util.Set;
import okhttp3.Request;

/**
 * Chooses the service of each request for some hosts; {@code io.lb4j.okhttp.routing.Router} does so by rules.
 *
 * <p>Thread-safe; called on callers' threads, so it should not block.
 */
public interface RequestRouter {
    /**
     * Returns the hosts whose requests it routes.
     *
     * @return canonical host names, at least one; {@code *.shop.test} stands for every name below {@code shop.test}
     */
    Set<String> hosts();

    /**
     * Returns the services that it sends requests to.
     *
     * @return the names of all services that a {@link RoutingDecision} may name
     */
    Set<String> services();

    /**
     * Decides where a request goes. Called once per call, above all tries, and once more for each redirect to one of the hosts.
     *
     * @param request the request as the caller has made it
     * @param cookies those of the jar and of the caller; read only when asked for
     * @param seed random bits, the same for all requests of one call, so that a redirect stays with its variant
     * @return what to do
     * @throws IOException if the request goes nowhere; the caller gets it
     */
    RoutingDecision route(Request request, CallCookies cookies, long seed) throws IOException;
}
