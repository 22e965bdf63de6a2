package io.lb4j.okhttp;

import static io.lb4j.okhttp.Hedged.assertIdle;
import static io.lb4j.okhttp.Hedged.enqueue;
import static io.lb4j.okhttp.Hedged.failureOf;
import static io.lb4j.okhttp.Hedged.fleet;
import static io.lb4j.okhttp.Hedged.get;
import static io.lb4j.okhttp.Hedged.neverAnswer;
import static io.lb4j.okhttp.Hedged.whenBothRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that may become two is still one call to those who make and cancel it. */
@Tag("socket")
@Timeout(60)
class HedgedCallTest {
    // ------------------------------------------------------------------------------------------ executing

    @Test
    void callIsExecutedOnce() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            Call call = get(fleet);
            assertFalse(call.isExecuted());
            assertEquals("200 A", fleet.answerTo(call));
            assertTrue(call.isExecuted());
            assertEquals(
                    "Already Executed",
                    assertThrows(IllegalStateException.class, call::execute).getMessage());
            assertThrows(IllegalStateException.class, () -> enqueue(call));
            Call again = call.clone();
            assertNotSame(call, again);
            assertFalse(again.isExecuted());
            assertSame(call.request(), again.request());
            try (Response response = enqueue(again).get(20, TimeUnit.SECONDS)) {
                assertEquals("A", response.body().string());
            }
            assertTrue(again.isExecuted());
            assertIdle(fleet);
        }
    }

    /** A second execute must not harm the first. */
    @Test
    void runningCallIsNotHarmedByASecondExecution() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            neverAnswer(fleet.server(0));
            Call call = get(fleet);
            CompletableFuture<Response> answer = enqueue(call);
            assertThrows(IllegalStateException.class, call::execute);
            try (Response response = answer.get(20, TimeUnit.SECONDS)) {
                assertEquals("B", response.body().string());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void enqueuedCallIsHedged(Wire wire) throws Exception {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet.server(0));
            try (Response response = enqueue(get(fleet)).get(20, TimeUnit.SECONDS)) {
                assertEquals("B", response.body().string());
            }
            assertIdle(fleet);
        }
    }

    /** The hedge does not wait for the place that the call it is to overtake holds. */
    @Test
    void fullDispatcherDoesNotHoldUpHedges() throws Exception {
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .installing(builder -> builder.maxRequests(1))
                .service(service -> service.withRetries(
                        RetryRule.standard().withHedging(HedgingPolicy.after(Duration.ofMillis(50)))))
                .start()) {
            neverAnswer(fleet.server(0));
            List<CompletableFuture<Response>> answers = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(enqueue(get(fleet)));
            }
            for (CompletableFuture<Response> answer : answers) {
                try (Response response = answer.get(20, TimeUnit.SECONDS)) {
                    assertEquals("B", response.body().string());
                }
            }
            assertEquals("A 10, B 10", fleet.hits());
            assertIdle(fleet);
        }
    }

    /** A call made within a callback waits neither for the dispatcher nor for a hedge that cannot begin. */
    @Test
    void callWithinACallbackIsHedged() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1, 2, client -> client)) {
            fleet.client().dispatcher().setMaxRequests(1);
            CompletableFuture<String> inner = new CompletableFuture<>();
            get(fleet).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException failure) {
                    inner.completeExceptionally(failure);
                }

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    response.close();
                    neverAnswer(fleet.server(0));
                    inner.complete(fleet.answerTo(get(fleet)));
                }
            });
            assertEquals("200 B", inner.get(20, TimeUnit.SECONDS));
            assertIdle(fleet);
        }
    }

    /** What a callback throws goes where it would go without hedging, and the call's own end is not lost. */
    @Test
    void callbackThatThrowsLeavesNothingBehind() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            neverAnswer(fleet.server(0));
            CountDownLatch heard = new CountDownLatch(1);
            get(fleet).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException failure) {
                    throw new AssertionError(failure);
                }

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    response.close();
                    heard.countDown();
                    throw new IOException("of the user");
                }
            });
            assertTrue(heard.await(20, TimeUnit.SECONDS));
            assertIdle(fleet);
        }
    }

    @Test
    void interceptorThatThrowsFailsTheCallAsItWouldWithoutHedging() {
        try (Fleet fleet = fleet(
                Wire.HTTP_1_1,
                2,
                client -> client.addInterceptor(chain -> {
                    throw new IllegalStateException("of the user");
                }))) {
            Call call = get(fleet);
            assertEquals(
                    "of the user",
                    assertThrows(IllegalStateException.class, call::execute).getMessage());
            assertEquals("A 0, B 0", fleet.hits());
            assertIdle(fleet);
        }
    }

    @Test
    void executorThatIsShutDownFailsTheCall() throws Exception {
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            fleet.client().dispatcher().executorService().shutdown();
            assertInstanceOf(InterruptedIOException.class, failureOf(enqueue(get(fleet))));
            neverAnswer(fleet.server(0));
            fleet.server(0).answerAfter(Duration.ofMillis(300));
            assertEquals("200 A", fleet.answerTo(get(fleet)));
            assertEquals("A 1, B 0", fleet.hits());
        }
    }

    // ------------------------------------------------------------------------------------------ cancelling

    @Test
    void callCancelledBeforeItRunsAsksNobody() {
        try (Fleet fleet = fleet(Wire.HTTP_1_1)) {
            Call call = get(fleet);
            assertFalse(call.isCanceled());
            call.cancel();
            assertTrue(call.isCanceled());
            assertEquals(
                    "Canceled", assertThrows(IOException.class, call::execute).getMessage());
            assertEquals("A 0, B 0", fleet.hits());
            assertIdle(fleet);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cancelEndsBoth(Wire wire) throws Exception {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet);
            Call call = get(fleet);
            whenBothRun(fleet, call::cancel);
            assertThrows(IOException.class, call::execute);
            assertTrue(call.isCanceled());
            assertIdle(fleet);
            Eventually.equal(
                    2L,
                    () -> fleet.reports().stream()
                            .filter(each -> each.endsWith("CANCELLED"))
                            .count());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cancelEndsBothOfAnEnqueuedCall(Wire wire) throws Exception {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet);
            Call call = get(fleet);
            CompletableFuture<Response> answer = enqueue(call);
            whenBothRun(fleet, call::cancel);
            assertInstanceOf(IOException.class, failureOf(answer));
            assertTrue(call.isCanceled());
            assertIdle(fleet);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void dispatcherCancelsBoth(Wire wire) throws Exception {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet);
            Call call = get(fleet);
            CompletableFuture<Response> answer = enqueue(call);
            whenBothRun(fleet, fleet.client().dispatcher()::cancelAll);
            assertInstanceOf(IOException.class, failureOf(answer));
            assertTrue(call.isCanceled());
            assertIdle(fleet);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void cancelBreaksTheWinnersBody(Wire wire) throws Exception {
        try (Fleet fleet = fleet(wire)) {
            neverAnswer(fleet.server(0));
            fleet.server(1).answerByteByByte();
            Call call = get(fleet);
            try (Response response = call.execute()) {
                assertFalse(call.isCanceled());
                call.cancel();
                assertTrue(call.isCanceled());
                assertThrows(IOException.class, () -> response.body().string());
            }
            assertIdle(fleet);
        }
    }

    @Test
    void interruptEndsBoth() throws Exception {
        try (Fleet fleet = fleet(Wire.H2C)) {
            neverAnswer(fleet);
            Thread caller = Thread.currentThread();
            whenBothRun(fleet, caller::interrupt);
            assertThrows(InterruptedIOException.class, get(fleet)::execute);
            assertTrue(Thread.interrupted());
            assertIdle(fleet);
        }
    }

    /** What the user does with the answer of a hedge is no hedge any more. */
    @Test
    void aCallbackHoldsNoPlaceAmongTheHedges() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        RetryRule one =
                RetryRule.standard().withMostAtOnce(0, 1).withHedging(HedgingPolicy.after(Duration.ofMillis(100)));
        try (Fleet fleet = Fleet.of(Wire.HTTP_1_1, 2)
                .service(service -> service.withRetries(one))
                .start()) {
            neverAnswer(fleet.server(0));
            get(fleet).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException failure) {}

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    try (response) {
                        arrived.countDown();
                        boolean ignored = release.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
            });
            assertTrue(arrived.await(30, TimeUnit.SECONDS));
            fleet.server(0).answerAfter(Duration.ofSeconds(1));
            assertEquals("200 B", fleet.answerTo(get(fleet)));
            release.countDown();
            Eventually.equal(0, fleet::inFlight);
        } finally {
            release.countDown();
        }
    }
}
