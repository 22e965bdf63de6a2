package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Executed and enqueued calls from eight threads, on servers that are slow, refuse and break at random, while some calls are
 * cancelled: each call ends once, what is not idempotent is executed once, and nothing stays in flight.
 */
@Tag("storm")
@Timeout(1800)
class HedgingStormTest {
    private static final int CALLS = Integer.getInteger("lb4j.hedgingStorm.calls", 2_000);
    private static final int THREADS = 8;

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder hedged = new LongAdder();
    private final LongAdder overtaken = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    /** How often each request that must not be repeated was executed. */
    private final Map<String, LongAdder> executions = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource(Wire.class)
    void eachCallEndsOnceAndNothingStays(Wire wire) throws Exception {
        ScheduledExecutorService cancelling = Executors.newScheduledThreadPool(1);
        try (Fleet fleet = Fleet.of(wire, 5)
                .balancing(builder -> builder.healthTracker(node -> (lease, outcome, now, control) -> {}))
                .service(service -> service.withRetries(RetryRule.standard()
                        .withBudget(1, 1_000)
                        .withBackOff(Duration.ofMillis(1), Duration.ofMillis(5))
                        .withHedging(HedgingPolicy.after(Duration.ofMillis(5)).withMaxHedges(2))))
                .start()) {
            for (int i = 0; i < 5; i++) {
                TestServer server = fleet.server(i);
                server.handle(request -> answer(server, request));
            }
            run(fleet, cancelling);
            Eventually.equal(0, fleet::inFlight);
            Eventually.equal(0, fleet.client().dispatcher()::runningCallsCount);
            assertEquals(0, fleet.client().dispatcher().queuedCallsCount());
            System.out.printf(
                    "hedging storm, %s: answered %s, failed %s, cancelled %s, hedged %s, overtaken %s%n",
                    wire, answered, failed, cancelled, hedged, overtaken);
        } finally {
            cancelling.shutdownNow();
        }
        assertEquals(CALLS, answered.sum() + failed.sum() + cancelled.sum());
        assertEquals(0, wrong.sum());
        assertTrue(hedged.sum() > CALLS / 20 && overtaken.sum() > CALLS / 50, "hedged " + hedged + ", " + overtaken);
        assertTrue(cancelled.sum() > CALLS / 400, "cancelled " + cancelled);
        executions.forEach((id, times) -> assertEquals(1, times.sum(), id));
    }

    private MockResponse answer(TestServer server, RecordedRequest request) {
        if (request.getMethod().equals("POST")) {
            executions
                    .computeIfAbsent(request.getTarget(), id -> new LongAdder())
                    .increment();
        }
        Random random = ThreadLocalRandom.current();
        MockResponse.Builder response =
                server.answer(random.nextInt(20) == 0 ? 503 : 200).newBuilder();
        int what = random.nextInt(40);
        if (what < 12) {
            response.headersDelay(random.nextInt(40), TimeUnit.MILLISECONDS);
        } else if (what == 12) {
            response.onResponseStart(SocketEffect.ShutdownConnection.INSTANCE);
        }
        return response.build();
    }

    private void run(Fleet fleet, ScheduledExecutorService cancelling) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> done = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(CALLS);
        Call.Factory calls = BalancedClient.callFactory(fleet.client());
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            done.add(threads.submit(() -> {
                for (int i = 0; i < CALLS / THREADS; i++) {
                    Request request = request(fleet, thread + "-" + i);
                    Call call = calls.newCall(request);
                    if (i % 20 == 7) {
                        int millis = ThreadLocalRandom.current().nextInt(8);
                        Future<?> ignored = cancelling.schedule(call::cancel, millis, TimeUnit.MILLISECONDS);
                    }
                    make(call, i % 3 == 0, ended);
                }
            }));
        }
        threads.shutdown();
        for (Future<?> each : done) {
            each.get();
        }
        assertTrue(ended.await(60, TimeUnit.SECONDS), "still running: " + ended);
    }

    private static Request request(Fleet fleet, String id) {
        boolean once = id.hashCode() % 5 == 0;
        Request.Builder request = fleet.request("/" + id);
        return once ? request.post(RequestBody.EMPTY).build() : request.build();
    }

    private void make(Call call, boolean enqueued, CountDownLatch ended) {
        if (enqueued) {
            call.enqueue(new Callback() {
                @Override
                public void onFailure(Call ignored, IOException failure) {
                    ended(call, null, ended);
                }

                @Override
                public void onResponse(Call ignored, Response response) {
                    ended(call, response, ended);
                }
            });
            return;
        }
        try {
            ended(call, call.execute(), ended);
        } catch (IOException e) {
            ended(call, null, ended);
        }
    }

    private void ended(Call call, Response response, CountDownLatch ended) {
        BalancedCall decisions = call.tag(BalancedCall.class);
        boolean many = decisions != null && decisions.attempts().size() > 1;
        hedged.add(many ? 1 : 0);
        try (response) {
            if (response == null) {
                (call.isCanceled() ? cancelled : failed).increment();
                return;
            }
            String body = response.body().string();
            overtaken.add(decisions.attempts().get(0).decision() == RetryDecision.LOST ? 1 : 0);
            wrong.add(response.code() < 500 && isFromElsewhere(decisions, body) ? 1 : 0);
            answered.increment();
        } catch (IOException e) { // cancelled while it was read
            cancelled.increment();
        } finally {
            ended.countDown();
        }
    }

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Whether an endpoint's answers come from two servers. */
    private boolean isFromElsewhere(BalancedCall decisions, String server) {
        String before = names.putIfAbsent(decisions.endpoint().id(), server);
        return before != null && !before.equals(server);
    }
}
