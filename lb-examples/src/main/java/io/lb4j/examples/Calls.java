package io.lb4j.examples;

import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.BalancedClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Calls a service from some threads, and counts which server answers. */
final class Calls implements AutoCloseable {
    private static final int CALLERS = 4;

    private final OkHttpClient client;
    private final Request request;
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

    Calls(LoadBalancer service) {
        this(new OkHttpClient(), service);
    }

    Calls(OkHttpClient base, LoadBalancer service) {
        client = BalancedClient.wrap(base).service(service).build();
        request = new Request.Builder().url("http://" + service.name() + "/").build();
    }

    /** Starts so many calls; they end by themselves. */
    List<Future<String>> start(int count) {
        Callable<String> call = this::call;
        List<Future<String>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(callers.submit(call));
        }
        return started;
    }

    /** Waits for calls; returns how many each server has answered. */
    NavigableMap<String, Integer> tally(List<Future<String>> calls) throws InterruptedException {
        NavigableMap<String, Integer> answers = new TreeMap<>();
        for (Future<String> call : calls) {
            try {
                answers.merge(call.get(), 1, Integer::sum);
            } catch (ExecutionException e) {
                throw new CompletionException(e.getCause());
            }
        }
        return answers;
    }

    NavigableMap<String, Integer> make(int count) throws InterruptedException {
        return tally(start(count));
    }

    private String call() throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    @Override
    public void close() {
        callers.shutdownNow();
        client.connectionPool().evictAll();
    }
}
