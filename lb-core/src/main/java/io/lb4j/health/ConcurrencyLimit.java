package io.lb4j.health;

/**
 * Finds out how many requests an endpoint can work on at once, from how long they take: {@link Gradient2}, {@link Aimd},
 * or one of your own.
 *
 * <p>Immutable settings; each endpoint has an {@link Estimate} of its own.
 */
@FunctionalInterface
public interface ConcurrencyLimit {
    /**
     * Starts to estimate for one endpoint.
     *
     * @return a new estimate
     */
    Estimate start();

    /** What is known of one endpoint. Used by one thread at a time. */
    interface Estimate {
        /**
         * Returns how many requests may be in flight now.
         *
         * @return at least 1
         */
        int limit();

        /**
         * Takes a request into account.
         *
         * @param nanos from its start to its answer
         * @param inFlight how many requests were in flight when it was answered, this one included
         * @param dropped whether the endpoint had too much to do for it: it was refused or had no answer in time
         */
        void onSample(long nanos, int inFlight, boolean dropped);
    }
}
