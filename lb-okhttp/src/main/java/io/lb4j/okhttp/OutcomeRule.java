package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Response;

/**
 * Says what an answer, or the lack of one, tells about the endpoint.
 *
 * <p>A {@linkplain Outcome#isFailure() failure} counts against the endpoint, and makes the request a candidate for a retry
 * elsewhere. Called by many threads at once; quick; must not read or close the body.
 *
 * <pre>{@code
 * Service.of(orders).withOutcomes(response -> response.code() == 500
 *         ? Outcome.FAILURE
 *         : OutcomeRule.standard().ofResponse(response));
 * }</pre>
 */
@FunctionalInterface
public interface OutcomeRule {
    /**
     * Judges an answer.
     *
     * @param response the answer of the endpoint, its body unread
     * @return how the attempt went; with {@link Outcome#OVERLOADED} and a header {@code Retry-After} the endpoint is left
     *     alone for that long, 60 s at most
     */
    Outcome ofResponse(Response response);

    /**
     * Judges a failure: to connect, to trust, to send, to receive.
     *
     * <p>Not asked if the caller has cancelled the call. If the call's own timeout has ended it, the failure is a
     * {@link java.net.SocketTimeoutException}. If the connection broke before the request was sent, in the TLS handshake for
     * instance, it is a {@link java.net.ConnectException}. In both cases its cause is what OkHttp threw.
     *
     * @param failure what OkHttp threw
     * @return by default {@code TIMED_OUT}, {@code UNREACHABLE}, {@code UNTRUSTED}, {@code CANCELLED} for interrupts, and
     *     {@code FAILURE} for anything else
     */
    default Outcome ofFailure(IOException failure) {
        return StandardOutcomes.of(failure);
    }

    /**
     * Says whether the endpoint asks, along with an answer, to be left alone for a time.
     *
     * @param response the answer of the endpoint, its body unread
     * @return the time, 60 s at most are heeded; zero, the default, = it does not ask
     */
    default Duration rest(Response response) {
        return Duration.ZERO;
    }

    /**
     * Returns this rule, heeding also what endpoints ask for.
     *
     * @param signal reads that from answers; if several ask, the longest time counts
     * @return the rule
     */
    default OutcomeRule heeding(ServerSignal signal) {
        return new HeedingRule(this, Checks.notNull("signal", signal));
    }

    /**
     * Returns the rule that is used unless another is set.
     *
     * @return 502, 503 and 504 are failures; 429 and 503 with {@code Retry-After} are overload; everything else, 500 and
     *     other 4xx included, is a success, because it says more of the request than of the endpoint
     */
    static OutcomeRule standard() {
        return StandardOutcomes::of;
    }
}
