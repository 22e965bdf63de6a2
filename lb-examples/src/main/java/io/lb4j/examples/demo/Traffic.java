package io.lb4j.examples.demo;

import io.lb4j.Endpoint;
import io.lb4j.okhttp.BalancedCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Makes the calls of a workload, each when its time has come, whether or not earlier ones have ended.
 *
 * <p>A latency begins when the call was to start, so that nothing is hidden if all callers are busy.
 */
final class Traffic implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final OkHttpClient client;
    private final String service;
    private final Workload workload;
    private final int callers;
    private final ExecutorService threads;
    private final AtomicInteger next = new AtomicInteger();
    private final ConcurrentLinkedQueue<CallResult> results = new ConcurrentLinkedQueue<>();
    /** Set once by {@link #close}, read by callers. */
    private volatile boolean stopped;

    Traffic(OkHttpClient client, String service, Workload workload, int callers) {
        this.client = client;
        this.service = service;
        this.workload = workload;
        this.callers = callers;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(
                callers, task -> new Thread(task, "demo-caller-" + number.incrementAndGet()));
    }

    void start() {
        long begin = System.nanoTime();
        for (int i = 0; i < callers; i++) {
            threads.execute(() -> makeCalls(begin));
        }
        threads.shutdown();
    }

    /** Waits for the last call; false if that takes longer than so many milliseconds. */
    boolean await(long millis) throws InterruptedException {
        return threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }

    List<CallResult> results() {
        return new ArrayList<>(results);
    }

    private void makeCalls(long begin) {
        for (int i = next.getAndIncrement(); i < workload.size(); i = next.getAndIncrement()) {
            long due = begin + workload.startNanos(i);
            waitUntil(due);
            if (stopped) {
                return;
            }
            results.add(call(workload.workNanos(i), due));
        }
    }

    private void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private CallResult call(long workNanos, long due) {
        Request request = new Request.Builder()
                .url("http://" + service + Service.target(workNanos))
                .build();
        Call call = client.newCall(request);
        boolean good;
        try (Response response = call.execute()) {
            good = response.isSuccessful() && !response.body().string().isEmpty();
        } catch (IOException e) {
            good = false;
        }
        return new CallResult(lastEndpoint(call), System.nanoTime() - due, good);
    }

    private static String lastEndpoint(Call call) {
        BalancedCall decided = call.tag(BalancedCall.class);
        Endpoint endpoint = decided == null ? null : decided.endpoint();
        return endpoint == null ? "" : endpoint.id();
    }

    /** Ends it early if it still runs. */
    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
        client.dispatcher().cancelAll();
        try {
            boolean ended = threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assert ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
