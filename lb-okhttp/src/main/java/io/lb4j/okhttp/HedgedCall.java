package io.lb4j.okhttp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import kotlin.jvm.functions.Function0;
import kotlin.reflect.KClass;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A call of which further ones may be made while it runs. Thread-safe.
 *
 * <p>The first call is made as it would be without this class: by the thread that executes, or by the dispatcher. So one
 * that is not hedged costs no thread, and waits in no other queue.
 */
final class HedgedCall implements Call {
    private final OkHttpClient client;
    private final Call first;
    private final HedgeRace race;
    private final AtomicBoolean executed = new AtomicBoolean();

    HedgedCall(OkHttpClient client, Request request) {
        this.client = client;
        this.first = client.newCall(request);
        this.race = new HedgeRace(client, first);
    }

    @Override
    public Response execute() throws IOException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        begin(new FutureReceiver(answer));
        try {
            race.answered(first, first.execute());
        } catch (IOException e) {
            race.failed(first, e);
        } catch (Throwable t) { // of an interceptor
            abandon(answer);
            race.failed(first, new IOException(t));
            throw t;
        }
        return await(answer);
    }

    /** Waits for the hedges, if the first call failed and they are still running. */
    private Response await(CompletableFuture<Response> answer) throws IOException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            abandon(answer);
            InterruptedIOException failure = CallState.interrupted(e);
            throw failure;
        }
    }

    private void abandon(CompletableFuture<Response> answer) {
        race.cancel();
        CompletableFuture<Void> ignored = answer.thenAccept(Response::close);
    }

    @Override
    public void enqueue(Callback callback) {
        begin(new CallbackReceiver(this, callback));
        first.enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                race.failed(first, failure);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                race.answered(first, response);
            }
        });
    }

    private void begin(HedgeRace.Receiver receiver) {
        if (!executed.compareAndSet(false, true)) {
            throw new IllegalStateException("Already Executed");
        }
        race.begin(receiver);
    }

    private record FutureReceiver(CompletableFuture<Response> future) implements HedgeRace.Receiver {
        @Override
        public void answered(Response response) {
            future.complete(response);
        }

        @Override
        public void failed(IOException failure) {
            future.completeExceptionally(failure);
        }
    }

    private record CallbackReceiver(Call call, Callback callback) implements HedgeRace.Receiver {
        @Override
        public void answered(Response response) throws IOException {
            callback.onResponse(call, response);
        }

        @Override
        public void failed(IOException failure) {
            callback.onFailure(call, failure);
        }
    }

    @Override
    public void cancel() {
        race.cancel();
    }

    @Override
    public boolean isCanceled() {
        return race.isCanceled();
    }

    @Override
    public boolean isExecuted() {
        return executed.get();
    }

    @Override
    public Request request() {
        return first.request();
    }

    /** That of the first call; the others get what is left of it. */
    @Override
    public Timeout timeout() {
        return first.timeout();
    }

    @Override
    public Call clone() { // a call made anew, as OkHttp's own
        return new HedgedCall(client, first.request());
    }

    @Override
    public String toString() {
        return "HedgedCall{" + first.request() + '}';
    }

    // ------------------------------------------------------------------------------------------ events and tags

    @Override
    public void addEventListener(EventListener listener) {
        first.addEventListener(listener);
        race.prepare(hedge -> hedge.addEventListener(listener));
    }

    @Override
    public <T> @Nullable T tag(KClass<T> type) {
        return first.tag(type);
    }

    @Override
    public <T> @Nullable T tag(Class<? extends T> type) {
        return first.tag(type);
    }

    @Override
    public <T> T tag(KClass<T> type, Function0<? extends T> computeIfAbsent) {
        T value = first.tag(type, computeIfAbsent);
        race.prepare(hedge -> hedge.tag(type, () -> value));
        return value;
    }

    @Override
    public <T> T tag(Class<T> type, Function0<? extends T> computeIfAbsent) {
        T value = first.tag(type, computeIfAbsent);
        race.prepare(hedge -> hedge.tag(type, () -> value));
        return value;
    }
}
