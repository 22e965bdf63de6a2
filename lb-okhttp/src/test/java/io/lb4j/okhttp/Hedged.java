package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** Two servers, the first of which is overtaken by the second if it is silent for 100 ms. */
final class Hedged {
    private Hedged() {}

    static Fleet fleet(Wire wire, int size, UnaryOperator<OkHttpClient.Builder> client) {
        HedgingPolicy soon = HedgingPolicy.after(Duration.ofMillis(100));
        return Fleet.of(wire, size)
                .client(client)
                .service(service -> service.withRetries(RetryRule.standard().withHedging(soon)))
                .start();
    }

    static Fleet fleet(Wire wire) {
        return fleet(wire, 2, UnaryOperator.identity());
    }

    static Call get(Fleet fleet) {
        return BalancedClient.callFactory(fleet.client())
                .newCall(fleet.request("/").tag(String.class, "mine").build());
    }

    static void neverAnswer(TestServer server) {
        server.answerAfter(Duration.ofHours(1));
    }

    static void neverAnswer(Fleet fleet) {
        neverAnswer(fleet.server(0));
        neverAnswer(fleet.server(1));
    }

    static void assertIdle(Fleet fleet) {
        Eventually.equal(0, fleet::inFlight);
        Eventually.equal(0, fleet.client().dispatcher()::runningCallsCount);
        assertEquals(0, fleet.client().dispatcher().queuedCallsCount());
    }

    static CompletableFuture<Response> enqueue(Call call) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call heard, IOException failure) {
                assertSame(call, heard);
                assertTrue(answer.completeExceptionally(failure), "heard twice");
            }

            @Override
            public void onResponse(Call heard, Response response) {
                assertSame(call, heard);
                assertTrue(answer.complete(response), "heard twice");
            }
        });
        return answer;
    }

    static Throwable failureOf(CompletableFuture<Response> answer) {
        return assertThrows(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    static void whenBothRun(Fleet fleet, Runnable action) throws InterruptedException {
        Thread thread = new Thread(() -> {
            Eventually.equal("A 1, B 1", fleet::hits);
            action.run();
        });
        thread.start();
    }
}
