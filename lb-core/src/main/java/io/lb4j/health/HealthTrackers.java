package io.lb4j.health;

import io.lb4j.HealthTracker;
import java.util.List;

/**
 * Trackers that judge nodes by real traffic, besides {@link HealthTracker#consecutiveFailures()}.
 *
 * <p>What the methods return is immutable, and one object may serve several LoadBalancers.
 */
public final class HealthTrackers {
    private HealthTrackers() {}

    /**
     * Returns outlier detection with its default settings: nodes of which clearly more requests fail than of the others
     * are ejected for 30 s and longer.
     *
     * @return the tracker
     */
    public static HealthTracker outlierDetection() {
        return OutlierDetection.builder().build();
    }

    /**
     * Returns the tracker that limits how many requests are in flight on each endpoint to what the endpoint can work on,
     * as far as its response times show; an endpoint at its limit is no candidate. It ejects nobody.
     *
     * <p>When all endpoints are at their limits, requests wait in the LoadBalancer's queue, if it has one, or fail with
     * {@code ALL_AT_CAPACITY}. Successes, timeouts and refusals because of overload are taken into account.
     *
     * @param limit how the limits are found, for instance {@code Gradient2.standard()}
     * @return the tracker; use it with {@link #anyOf} beside those that eject
     */
    public static HealthTracker adaptiveConcurrency(ConcurrencyLimit limit) {
        return new AdaptiveConcurrency(Checks.given("limit", limit));
    }

    /**
     * Returns several trackers as one.
     *
     * <p>Each part sees every report and may eject; a request is admitted if all parts admit it; the lowest limit of
     * requests in flight holds. Each part ticks at its own interval. The trial of an ejected node is decided by the part
     * that ejected the node last, so that only this part's ejections grow; the others learn of the outcome.
     *
     * @param parts at least one
     * @return the tracker
     */
    public static HealthTracker anyOf(HealthTracker... parts) {
        List<HealthTracker> copy = List.of(parts);
        if (copy.isEmpty()) {
            throw Checks.bad("parts", "none", "at least one");
        }
        return new Unstarted("anyOf", () -> AnyOf.started(copy));
    }
}
