package io.lb4j.okhttp;

import java.time.Duration;
import okhttp3.Response;

/**
 * Reads from an answer that its endpoint asks to be left alone for a time.
 *
 * <p>That is no failure: the answer goes to the caller, nothing is counted against the endpoint. It gets no new requests
 * until the time is over and one that tries it succeeds; sessions bound to it go on elsewhere. The LoadBalancer refuses if too
 * few endpoints would be left. Called by many threads at once; quick; must not read or close the body.
 *
 * <pre>{@code
 * Service.of(orders).withOutcomes(OutcomeRule.standard()
 *         .heeding(ServerSignal.utilization(1, Duration.ofSeconds(2)))
 *         .heeding(ServerSignal.header("X-Draining", "true", Duration.ofSeconds(30))))
 * }</pre>
 */
@FunctionalInterface
public interface ServerSignal {
    /**
     * Returns how long the endpoint asks to be left alone.
     *
     * @param response its answer, the body unread
     * @return the time, 60 s at most are heeded; zero = it does not ask
     */
    Duration rest(Response response);

    /**
     * Heeds the headers of ORCA, as {@link ServerReport#orca()} reads them: the endpoint's {@code
     * application_utilization}, or its {@code cpu_utilization} if it does not tell the first.
     *
     * @param limit the utilization from which on the endpoint is overloaded, more than 0; 1 = fully used
     * @param time how long it is left alone then, more than 0
     * @return the signal
     */
    static ServerSignal utilization(double limit, Duration time) {
        if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
            throw Checks.bad("limit", limit, "> 0");
        }
        Duration checked = Checks.rest("time", time);
        return response -> OrcaReport.of(response).utilization() >= limit ? checked : Duration.ZERO;
    }

    /**
     * Heeds a header of the application's own.
     *
     * @param name its name
     * @param value which value it has when the endpoint asks to be left alone, in any case
     * @param time how long it is left alone then, more than 0
     * @return the signal
     */
    static ServerSignal header(String name, String value, Duration time) {
        Checks.headerName("name", name);
        Checks.notNull("value", value);
        Duration checked = Checks.rest("time", time);
        return response -> value.equalsIgnoreCase(response.header(name)) ? checked : Duration.ZERO;
    }
}
