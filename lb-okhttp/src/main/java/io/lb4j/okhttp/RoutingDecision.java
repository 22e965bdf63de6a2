package io.lb4j.okhttp;

import java.util.List;
import okhttp3.Request;
import okhttp3.Response;

/** What a {@link RequestRouter} has decided for one request. Immutable. */
public sealed interface RoutingDecision {
    /**
     * Returns the rule that decided.
     *
     * @return its name
     */
    String rule();

    /**
     * The request goes to a service.
     *
     * @param rule the rule that decided
     * @param service the name of the service
     * @param request the request to send. If its URL is another one than the caller's, the HTTP cache is left out, and the
     *     caller sees the old URL in the response
     * @param mirrors the names of the services that get a copy, whose answers nobody sees
     */
    record Forward(String rule, String service, Request request, List<String> mirrors) implements RoutingDecision {
        /** Checks that all is there. */
        public Forward {
            Checks.notNull("rule", rule);
            Checks.notNull("service", service);
            Checks.notNull("request", request);
            mirrors = List.copyOf(mirrors);
        }
    }

    /**
     * The request is answered without a server.
     *
     * @param rule the rule that decided
     * @param response the answer; a redirect is followed if the client follows redirects
     */
    record Answer(String rule, Response response) implements RoutingDecision {
        /** Checks that all is there. */
        public Answer {
            Checks.notNull("rule", rule);
            Checks.notNull("response", response);
        }
    }
}
