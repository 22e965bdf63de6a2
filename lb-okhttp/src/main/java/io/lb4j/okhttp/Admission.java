package io.lb4j.okhttp;

import io.lb4j.Outcome;
import okhttp3.Request;

/**
 * Says whether a call may begin at once, later or not at all, before an endpoint is chosen for it.
 *
 * <p>Asked once per call, not again for its retries; many threads at once; must not block. See
 * {@link io.lb4j.okhttp.resilience.RateLimits}.
 */
@FunctionalInterface
public interface Admission {
    /**
     * Takes a place for a call.
     *
     * @param request the request
     * @return the nanoseconds that the call has to wait, 0 = none; it waits until then unless it is cancelled or its
     *     timeout ends it, and a place taken is not given back
     * @throws RateLimitedException if there is no place; the caller gets it
     */
    long reserve(Request request) throws RateLimitedException;

    /**
     * Takes how a call ended that was let in; told once for each, when its answer begins.
     *
     * @param request the request
     * @param outcome how its last attempt went; {@link Outcome#SUCCESS} if a hedge has overtaken it, {@link
     *     Outcome#CANCELLED} if the caller cancelled it, or no endpoint was asked
     */
    default void ended(Request request, Outcome outcome) {}

    /**
     * Returns this and another admission as one: a call needs both, and waits for the later. If the other refuses, the place
     * taken here is lost, so the one that refuses more often is best asked first.
     *
     * @param other asked second
     * @return both
     */
    default Admission and(Admission other) {
        Checks.notNull("other", other);
        Admission first = this;
        return new Admission() {
            @Override
            public long reserve(Request request) throws RateLimitedException {
                return Math.max(first.reserve(request), other.reserve(request));
            }

            @Override
            public void ended(Request request, Outcome outcome) {
                first.ended(request, outcome);
                other.ended(request, outcome);
            }
        };
    }
}
