package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Lease;
import io.lb4j.NoEndpointAvailableException;
import io.lb4j.NoEndpointAvailableException.Reason;
import io.lb4j.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls beyond {@code maxInFlight}: the queue in front, and what is said when it is full. */
@Tag("socket")
@Timeout(60)
class QueueingTest {
    /** Two endpoints for one call each, and a queue. */
    private static Fleet withQueue(int capacity, Duration timeout) {
        return Fleet.of(Wire.HTTP_1_1, 2)
                .endpoint(endpoint -> endpoint.withMaxInFlight(1))
                .balancing(builder -> capacity == 0 ? builder : builder.queue(capacity, timeout))
                .start();
    }

    private static List<Lease> fill(Fleet fleet) {
        List<Lease> held = new ArrayList<>();
        for (Node node : fleet.loadBalancer().nodes()) {
            held.add(node.acquire());
        }
        return held;
    }

    /** A call made by a thread of its own. */
    private static final class Waiting {
        final Call call;
        final CompletableFuture<String> answer = new CompletableFuture<>();

        /** Makes the call, and returns when it waits: nothing but the queue makes it. */
        Waiting(Fleet fleet) {
            call = fleet.get("/");
            Thread thread = new Thread(() -> {
                try {
                    answer.complete(fleet.answerTo(call));
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                }
            });
            thread.start();
            Eventually.equal(Thread.State.WAITING, thread::getState);
        }
    }

    private static Reason reasonOf(IOException failure) {
        return assertInstanceOf(NoEndpointAvailableException.class, failure.getCause())
                .reason();
    }

    @Test
    void withoutQueueItIsSaidClearlyThatAllAreAtCapacity() {
        try (Fleet fleet = withQueue(0, Duration.ZERO)) {
            List<Lease> held = fill(fleet);
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals(Reason.ALL_AT_CAPACITY, reasonOf(failure));
            String message = String.valueOf(failure.getMessage());
            assertTrue(
                    message.startsWith("orders.test: no endpoint available, ALL_AT_CAPACITY (2 endpoints {UP=2}: "),
                    message);
            assertTrue(message.contains(fleet.server(1).endpoint().id() + " UP in flight 1"), message);
            held.forEach(Lease::close);
            assertEquals("A 0, B 0", fleet.hits());
        }
    }

    @Test
    void aCancelledCallGivesItsPlaceInTheQueueToAnother() throws Exception {
        try (Fleet fleet = withQueue(1, Duration.ofMinutes(10))) {
            List<Lease> held = fill(fleet);
            Waiting first = new Waiting(fleet);
            IOException full =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals(Reason.ALL_AT_CAPACITY, reasonOf(full));
            first.call.cancel();
            Eventually.equal(true, first.answer::isCompletedExceptionally);
            Waiting second = new Waiting(fleet);
            held.forEach(Lease::close);
            assertTrue(second.answer.get(30, TimeUnit.SECONDS).startsWith("200 "));
            Eventually.equal(0, fleet::inFlight);
            assertEquals(1, fleet.server(0).hits() + fleet.server(1).hits(), "the first was never sent");
        }
    }

    @Test
    void aCallWhoseTimeInTheQueueIsUpIsToldSo() {
        try (Fleet fleet = withQueue(1, Duration.ofMillis(50))) {
            List<Lease> held = fill(fleet);
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            assertEquals(Reason.QUEUE_TIMEOUT, reasonOf(failure));
            held.forEach(Lease::close);
        }
    }

    @Test
    void theTimeoutOfTheCallFreesItsPlace() throws Exception {
        try (Fleet fleet = withQueue(1, Duration.ofMinutes(10))) {
            List<Lease> held = fill(fleet);
            for (int i = 0; i < 3; i++) {
                Call call = fleet.get("/");
                call.timeout().timeout(50, TimeUnit.MILLISECONDS);
                IOException failure = assertThrows(IOException.class, call::execute);
                assertEquals("timeout", failure.getMessage());
            }
            Waiting last = new Waiting(fleet);
            held.forEach(Lease::close);
            assertTrue(last.answer.get(30, TimeUnit.SECONDS).startsWith("200 "));
        }
    }
}
