package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.Lease;
import io.lb4j.NoEndpointAvailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for a retry or for a slot ends as soon as nobody wants it any more; with no endpoint there is an IOException. */
@Tag("socket")
@Timeout(60)
class WaitingTest {
    private static final Duration LONG = Duration.ofDays(20);

    private static RetryDecision lastDecision(Call call) {
        List<BalancedCall.Attempt> attempts = call.tag(BalancedCall.class).attempts();
        return attempts.get(attempts.size() - 1).decision();
    }

    private static Service slowBackOff(Service service) {
        return service.withRetries(RetryRule.standard().withBackOff(LONG, LONG));
    }

    // ------------------------------------------------------------------------------------------ waiting

    @Test
    void cancelEndsTheBackOff() throws Exception {
        try (Fleet fleet =
                Fleet.of(Wire.HTTP_1_1, 2).service(WaitingTest::slowBackOff).start()) {
            fleet.server(0).alwaysAnswer(503);
            Call call = fleet.get("/");
            Thread canceler = whenReported(fleet, call::cancel);
            IOException failure = assertThrows(IOException.class, call::execute);
            canceler.join();
            assertEquals("Canceled", failure.getMessage());
            assertEquals(0, fleet.inFlight());
            assertEquals(RetryDecision.CANCELED, lastDecision(call));
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    /** The caller gets the answer there is, and not much later a timeout. */
    @Test
    void backOffThatTheCallTimeoutCannotHoldIsNotBegun() throws IOException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .client(builder -> builder.callTimeout(Duration.ofMillis(500)))
                .service(WaitingTest::slowBackOff)
                .start()) {
            fleet.server(0).alwaysAnswer(503);
            Call call = fleet.get("/");
            assertEquals("503 A", fleet.answerTo(call));
            assertEquals(RetryDecision.OUT_OF_TIME, lastDecision(call));
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void interruptEndsTheBackOff() throws Exception {
        try (Fleet fleet =
                Fleet.of(Wire.HTTP_1_1, 2).service(WaitingTest::slowBackOff).start()) {
            fleet.server(0).alwaysAnswer(503);
            Thread caller = Thread.currentThread();
            Thread interrupter = whenReported(fleet, caller::interrupt);
            assertThrows(InterruptedIOException.class, () -> fleet.get("/").execute());
            assertTrue(Thread.interrupted());
            interrupter.join();
            assertEquals(0, fleet.inFlight());
        }
    }

    private static Thread whenReported(Fleet fleet, Runnable action) {
        Thread thread = new Thread(() -> {
            Eventually.equal(false, () -> fleet.reports().isEmpty());
            action.run();
        });
        thread.start();
        return thread;
    }

    @Test
    void noBackOffAfterAFailureToConnect() throws IOException {
        try (Fleet fleet =
                Fleet.of(Wire.HTTP_1_1, 2).service(WaitingTest::slowBackOff).start()) {
            fleet.server(0).close();
            long start = System.nanoTime();
            assertEquals("200 B", fleet.answerTo(fleet.get("/")));
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
        }
    }

    // ------------------------------------------------------------------------------------------ no endpoint

    @Test
    void noEndpointAvailableIsTheCauseOfAnIoException() {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1).start()) {
            fleet.loadBalancer().disable(fleet.server(0).endpoint().id());
            IOException failure =
                    assertThrows(IOException.class, () -> fleet.get("/").execute());
            NoEndpointAvailableException cause =
                    assertInstanceOf(NoEndpointAvailableException.class, failure.getCause());
            assertEquals(NoEndpointAvailableException.Reason.ALL_DISABLED, cause.reason());
            assertEquals(cause.getMessage(), failure.getMessage());
        }
    }

    @Test
    void queuedCallGetsTheSlotThatComesFree() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .endpoint(endpoint -> endpoint.withMaxInFlight(1))
                .balancing(builder -> builder.queue(10, LONG))
                .start()) {
            CountDownLatch release = new CountDownLatch(1);
            fleet.server(0).handle(request -> {
                release.await();
                return fleet.server(0).answer(200);
            });
            Call first = fleet.get("/");
            Thread holder = new Thread(() -> assertAnswer(fleet, first));
            holder.start();
            Eventually.equal(1, fleet::inFlight);
            Thread freer = new Thread(release::countDown);
            freer.start();
            assertEquals("200 A", fleet.answerTo(fleet.get("/")));
            holder.join();
            freer.join();
            assertEquals(0, fleet.inFlight());
        }
    }

    private static void assertAnswer(Fleet fleet, Call call) {
        try {
            assertEquals("200 A", fleet.answerTo(call));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void cancelLeavesTheQueue() {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .endpoint(endpoint -> endpoint.withMaxInFlight(1))
                .balancing(builder -> builder.queue(10, LONG))
                .start()) {
            var held = fleet.loadBalancer().nodes().get(0).acquire();
            Call call = fleet.get("/");
            Thread canceler = new Thread(() -> {
                Eventually.equal(true, call::isExecuted);
                call.cancel();
            });
            canceler.start();
            IOException failure = assertThrows(IOException.class, call::execute);
            assertEquals("Canceled", failure.getMessage());
            held.close();
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    void callTimeoutLeavesTheQueue() {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .endpoint(endpoint -> endpoint.withMaxInFlight(1))
                .balancing(builder -> builder.queue(10, LONG))
                .client(builder -> builder.callTimeout(Duration.ofMillis(300)))
                .start()) {
            Lease held = fleet.loadBalancer().nodes().get(0).acquire();
            IOException failure = assertThrows(
                    InterruptedIOException.class, () -> fleet.get("/").execute());
            assertEquals("timeout", failure.getMessage());
            held.close();
            assertEquals(0, fleet.inFlight());
            assertEquals("A 0", fleet.hits());
        }
    }

    @Test
    void interruptLeavesTheQueue() throws InterruptedException {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 1)
                .endpoint(endpoint -> endpoint.withMaxInFlight(1))
                .balancing(builder -> builder.queue(10, LONG))
                .start()) {
            Lease held = fleet.loadBalancer().nodes().get(0).acquire();
            Thread caller = Thread.currentThread();
            Call call = fleet.get("/");
            Thread interrupter = new Thread(() -> {
                Eventually.equal(true, () -> call.isExecuted() && isWaiting(caller));
                caller.interrupt();
            });
            interrupter.start();
            assertThrows(InterruptedIOException.class, call::execute);
            assertTrue(Thread.interrupted());
            interrupter.join();
            held.close();
            assertEquals(0, fleet.inFlight());
            assertEquals("A 0", fleet.hits());
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }
}
