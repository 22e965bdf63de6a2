package io.lb4j;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source whose endpoints the application sets itself.
 *
 * <p>Thread-safe. A subscriber gets the current list at once, and every later one.
 */
public final class MutableEndpointSource implements EndpointSource {
    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final SerialQueue deliveries = new SerialQueue();
    /** Null until the first list was set; written and delivered in the order of {@link #deliveries}. */
    private volatile @Nullable List<Endpoint> current;

    private MutableEndpointSource(@Nullable List<Endpoint> initial) {
        this.current = initial;
    }

    /**
     * Returns a source that has delivered nothing yet: its LoadBalancer is not ready until {@link #set}.
     *
     * @return the source
     */
    public static MutableEndpointSource pending() {
        return new MutableEndpointSource(null);
    }

    /**
     * Returns a source that starts with these endpoints.
     *
     * @param initial the endpoints, none or more
     * @return the source
     */
    public static MutableEndpointSource of(Endpoint... initial) {
        return new MutableEndpointSource(List.of(initial));
    }

    /**
     * Replaces all endpoints.
     *
     * @param all the whole new list, may be empty
     */
    public void set(List<Endpoint> all) {
        List<Endpoint> copy = List.copyOf(Checks.notNull("endpoints", all));
        deliveries.execute(() -> {
            current = copy;
            tellAll(listener -> listener.onEndpoints(copy));
        });
    }

    /**
     * Replaces all endpoints.
     *
     * @param all the whole new list, may be empty
     */
    public void set(Endpoint... all) {
        set(List.of(all));
    }

    /**
     * Passes on that the endpoints could not be found out.
     *
     * @param cause why
     */
    public void fail(Throwable cause) {
        Checks.notNull("cause", cause);
        deliveries.execute(() -> tellAll(listener -> listener.onError(cause)));
    }

    /** One task per listener, so that one that throws leaves the others alone. */
    private void tellAll(Consumer<Listener> message) {
        subscribers.forEach(subscriber -> deliveries.execute(() -> subscriber.tell(message)));
    }

    @Override
    public Subscription subscribe(Listener listener) {
        Checks.notNull("listener", listener);
        Subscriber subscriber = new Subscriber(listener);
        deliveries.execute(() -> {
            subscribers.add(subscriber);
            List<Endpoint> known = current;
            if (known != null) {
                subscriber.tell(each -> each.onEndpoints(known));
            }
        });
        return () -> {
            subscriber.closed = true;
            deliveries.execute(() -> subscribers.remove(subscriber));
        };
    }

    /** One subscription; a listener may have several. */
    private static final class Subscriber {
        private final Listener listener;
        /** Set before the subscriber is taken off the list, which has to wait for its turn. */
        private volatile boolean closed;

        Subscriber(Listener listener) {
            this.listener = listener;
        }

        void tell(Consumer<Listener> message) {
            if (!closed) {
                message.accept(listener);
            }
        }
    }
}
