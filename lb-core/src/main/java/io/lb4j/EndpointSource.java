package io.lb4j;

import java.util.ArrayList;
import java.util.List;

/**
 * Where endpoints come from.
 *
 * <p>Each delivery is the whole truth, never a delta. After an error the last truth stands. An empty delivery is not an
 * error, but the LoadBalancer holds its last list for a while, because registries answer empty after a restart.
 */
@FunctionalInterface
public interface EndpointSource {
    /**
     * Starts to deliver.
     *
     * <p>Returns at once and never throws because a registry is down: that is what {@link Listener#onError} is for. A
     * source that knows its endpoints already delivers them before it returns. One source may have several subscribers.
     *
     * @param listener gets the endpoints; its methods may be called from any thread
     * @return the way to end it
     */
    Subscription subscribe(Listener listener);

    /** Gets what a source delivers. Thread-safe, does not block. */
    interface Listener {
        /**
         * Takes a delivery.
         *
         * @param all all endpoints there are
         */
        void onEndpoints(List<Endpoint> all);

        /**
         * Takes an error; the last delivery stands.
         *
         * @param cause what went wrong
         */
        void onError(Throwable cause);
    }

    /** A running delivery. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        /** Asks the source to look now instead of when it would; a hint. */
        default void refresh() {}

        /** Ends the delivery; more calls do nothing. */
        @Override
        void close();
    }

    /**
     * Returns a source of fixed endpoints.
     *
     * @param hostPortOrUrl as {@link Endpoint#parse} reads them; at least one
     * @return the source
     */
    static EndpointSource of(String... hostPortOrUrl) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String text : Checks.notNull("endpoints", hostPortOrUrl)) {
            endpoints.add(Endpoint.parse(text));
        }
        return of(endpoints);
    }

    /**
     * Returns a source of fixed endpoints.
     *
     * @param endpoints at least one, with different ids
     * @return the source
     */
    static EndpointSource of(Endpoint... endpoints) {
        return of(List.of(endpoints));
    }

    /**
     * Returns a source of fixed endpoints.
     *
     * @param endpoints at least one, with different ids
     * @return the source
     */
    static EndpointSource of(List<Endpoint> endpoints) {
        List<Endpoint> all = List.copyOf(Checks.notNull("endpoints", endpoints));
        if (all.isEmpty()) {
            throw Checks.bad(
                    "endpoints", "[]", "at least one; a list that may become empty is a MutableEndpointSource");
        }
        List<String> ids = all.stream().map(Endpoint::id).toList();
        for (int i = 0; i < ids.size(); i++) {
            if (ids.indexOf(ids.get(i)) != i) {
                throw Checks.bad("endpoints", ids.get(i), "each id once");
            }
        }
        return listener -> {
            listener.onEndpoints(all);
            return () -> {};
        };
    }
}
