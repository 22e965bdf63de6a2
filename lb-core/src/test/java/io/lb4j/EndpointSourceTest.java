package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class EndpointSourceTest {
    private static final Endpoint A = Endpoint.of("a.example", 80);
    private static final Endpoint B = Endpoint.of("b.example", 80);

    /** Writes down what it gets. */
    private static class Subscriber implements EndpointSource.Listener {
        final List<Object> got = new ArrayList<>();

        @Override
        public void onEndpoints(List<Endpoint> all) {
            got.add(all);
        }

        @Override
        public void onError(Throwable cause) {
            got.add(cause.getMessage());
        }
    }

    private final Subscriber subscriber = new Subscriber();

    @Test
    void fixedSourceDeliversBeforeSubscribeReturns() {
        EndpointSource.of("a.example:80", "b.example:80").subscribe(subscriber).close();
        assertEquals(List.of(List.of(A, B)), subscriber.got);
    }

    @Test
    void fixedSourceHasManySubscribers() {
        EndpointSource source = EndpointSource.of(A);
        source.subscribe(subscriber);
        source.subscribe(subscriber);
        assertEquals(List.of(List.of(A), List.of(A)), subscriber.got);
    }

    @Test
    void fixedSourceDoesNotFollowItsList() {
        List<Endpoint> list = new ArrayList<>(List.of(A));
        EndpointSource source = EndpointSource.of(list);
        list.add(B);
        source.subscribe(subscriber);
        assertEquals(List.of(List.of(A)), subscriber.got);
    }

    @Test
    void badTextIsRefusedWhenTheSourceIsMade() {
        assertThrows(IllegalArgumentException.class, () -> EndpointSource.of("a.example:80", "b.example"));
        assertThrows(NullPointerException.class, () -> EndpointSource.of(A, null));
    }

    @Test
    void mutableSourceDeliversTheCurrentListAndEveryLaterOne() {
        MutableEndpointSource source = MutableEndpointSource.of(A);
        source.subscribe(subscriber);
        source.set(A, B);
        source.set();
        assertEquals(List.of(List.of(A), List.of(A, B), List.of()), subscriber.got);
    }

    @Test
    void pendingSourceDeliversNothingUntilItIsSet() {
        MutableEndpointSource source = MutableEndpointSource.pending();
        source.subscribe(subscriber);
        assertEquals(List.of(), subscriber.got);
        source.set(List.of(B));
        assertEquals(List.of(List.of(B)), subscriber.got);
    }

    @Test
    void errorIsPassedOnAndTheListStands() {
        MutableEndpointSource source = MutableEndpointSource.of(A);
        source.subscribe(subscriber);
        source.fail(new IllegalStateException("registry down"));
        Subscriber late = new Subscriber();
        source.subscribe(late);
        assertEquals(List.of(List.of(A), "registry down"), subscriber.got);
        assertEquals(List.of(List.of(A)), late.got);
    }

    @Test
    void closedSubscriptionGetsNothingMore() {
        MutableEndpointSource source = MutableEndpointSource.pending();
        EndpointSource.Subscription subscription = source.subscribe(subscriber);
        subscription.close();
        subscription.close();
        source.set(A);
        assertEquals(List.of(), subscriber.got);
    }

    @Test
    void closingOneSubscriptionTwiceLeavesTheOtherOfTheSameSubscriberAlone() {
        MutableEndpointSource source = MutableEndpointSource.pending();
        EndpointSource.Subscription first = source.subscribe(subscriber);
        source.subscribe(subscriber);
        first.close();
        first.close();
        source.set(A);
        assertEquals(List.of(List.of(A)), subscriber.got);
    }

    @Test
    void subscriberThatThrowsDoesNotKeepTheListFromTheOthers() {
        List<Throwable> logged = new ArrayList<>();
        Logger log = Logger.getLogger("io.lb4j");
        log.setFilter(entry -> {
            logged.add(entry.getThrown());
            return false;
        });
        IllegalStateException thrown = new IllegalStateException("thrown by a subscriber");
        MutableEndpointSource source = MutableEndpointSource.pending();
        source.subscribe(new Subscriber() {
            @Override
            public void onEndpoints(List<Endpoint> all) {
                throw thrown;
            }
        });
        source.subscribe(subscriber);
        source.set(A);
        log.setFilter(null);
        assertEquals(List.of(List.of(A)), subscriber.got);
        assertEquals(List.of(thrown), logged);
    }

    @Test
    void listSetBySubscriberIsDeliveredAfterTheOneItGot() {
        MutableEndpointSource source = MutableEndpointSource.pending();
        source.subscribe(new Subscriber() {
            @Override
            public void onEndpoints(List<Endpoint> all) {
                if (all.size() == 1) {
                    source.set(A, B);
                }
            }
        });
        source.subscribe(subscriber);
        source.set(A);
        assertEquals(List.of(List.of(A), List.of(A, B)), subscriber.got);
    }
}
