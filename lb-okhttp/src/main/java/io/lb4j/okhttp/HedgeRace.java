package io.lb4j.okhttp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that are made for one call of the user's: the first, and its hedges. The first good answer wins and the others
 * are cancelled; without one, another answer or the first call's failure counts as soon as all have ended.
 *
 * <p>Thread-safe. Nothing that waits or calls the user is done under the lock.
 */
final class HedgeRace {
    private static final Logger LOG = LoggerFactory.getLogger(BalancedClient.class);

    private final OkHttpClient client;
    private final Call first;

    private final ReentrantLock lock = new ReentrantLock();
    // All of these are guarded by the lock.
    private @Nullable Receiver receiver;
    /** What is done to each hedge before it runs. */
    private final List<Consumer<Call>> preparations = new ArrayList<>(2);
    /** The first call and all hedges. */
    private final List<Call> calls = new ArrayList<>(2);

    private final List<Call> running = new ArrayList<>(2);
    private @Nullable Future<?> timer;
    /** An answer that is not good, but better than none. */
    private @Nullable Answer fallback;

    private @Nullable IOException failure;
    private boolean settled;
    private @Nullable Call winner;
    private boolean cancelled;

    /** Who gets what comes of the race, once. */
    interface Receiver {
        void answered(Response response) throws IOException;

        void failed(IOException failure);
    }

    private record Answer(Call call, Response response) {}

    /** What is to be done without the lock: with the end of the race, and with an answer that nobody wants. */
    private record End(
            boolean isReached,
            @Nullable Answer answer,
            @Nullable Answer unused) {}

    HedgeRace(OkHttpClient client, Call first) {
        this.client = client;
        this.first = first;
        calls.add(first);
        HedgeRace ignored = first.tag(HedgeRace.class, () -> this);
    }

    void begin(Receiver to) {
        locked(() -> {
            receiver = to;
            return running.add(first);
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------------------------------ hedging

    /** An attempt of the first call or of a hedge has begun; the next hedge is due a delay after it. */
    void began(RunningService service, HttpRequestContext context) {
        boolean named = first.request().tag(EndpointOverride.class) != null;
        long delay = context.replayable() && context.session() == null && !named ? service.hedgeDelayNanos() : 0;
        if (delay > 0) {
            int most = service.settings().retries().hedging().maxHedges();
            arm(new Hedge(this, client, first, service, context), delay, most);
        }
    }

    private void arm(Hedge next, long delay, int most) {
        lock.lock();
        try {
            if (!settled && calls.size() <= most) {
                stopTimer();
                timer = next.startIn(delay);
            }
        } finally {
            lock.unlock();
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Lets a hedge run; false if that is of no use any more. */
    boolean enter(Call hedge) {
        List<Consumer<Call>> wanted = locked(() -> List.copyOf(preparations));
        wanted.forEach(each -> each.accept(hedge));
        return locked(() -> !settled && !cancelled && calls.add(hedge) && running.add(hedge));
    }

    /** Does something to each hedge before it runs. */
    void prepare(Consumer<Call> preparation) {
        boolean ignored = locked(() -> preparations.add(preparation));
    }

    boolean isSettled() {
        return locked(() -> settled);
    }

    boolean isHedged() {
        return locked(() -> calls.size() > 1);
    }

    /** Whether {@code call} is cancelled because another one has won. */
    boolean isLostBy(Call call) {
        return locked(() -> winner != null && winner != call);
    }

    // ------------------------------------------------------------------------------------------ ending

    void answered(Call call, Response response) {
        CallState state = call.tag(CallState.class);
        boolean good = state == null || state.isAnswered(); // null: an interceptor of the user's has answered
        carryOut(locked(() -> onAnswer(new Answer(call, response), good)));
    }

    private End onAnswer(Answer answer, boolean good) {
        running.remove(answer.call);
        if (settled) {
            return new End(false, null, answer);
        }
        Answer unused = fallback;
        fallback = answer;
        return good || running.isEmpty() ? settle(answer, unused) : new End(false, null, unused);
    }

    void failed(Call call, IOException cause) {
        carryOut(locked(() -> onFailure(call, cause)));
    }

    private End onFailure(Call call, IOException cause) {
        running.remove(call);
        if (settled) {
            return new End(false, null, null);
        }
        if (failure == null || call == first) {
            failure = cause;
        }
        if (call.isCanceled()) { // not by the race: it was the user's wish, or the call's own timeout
            cancelled = true;
            failure = cause;
            return settle(null, fallback);
        }
        return running.isEmpty() ? settle(fallback, null) : new End(false, null, null);
    }

    private End settle(@Nullable Answer answer, @Nullable Answer unused) {
        settled = true;
        winner = answer == null ? null : answer.call;
        fallback = null;
        stopTimer();
        return new End(true, answer, unused);
    }

    private void carryOut(End end) {
        close(end.unused);
        if (end.isReached) {
            deliver(end.answer);
        }
    }

    private static void close(@Nullable Answer answer) {
        if (answer != null) {
            answer.call.cancel(); // else closing may read the rest of the body
            answer.response.close();
        }
    }

    private void deliver(@Nullable Answer answer) {
        if (answer != null && isHedged()) {
            tellWinner(answer.call); // before the others end, so that they know why
        }
        List<Call> losers = locked(() -> List.copyOf(running));
        losers.forEach(Call::cancel);
        give(answer);
    }

    private static void tellWinner(Call call) {
        CallState state = call.tag(CallState.class);
        if (state != null) {
            state.won();
        }
    }

    private void give(@Nullable Answer answer) {
        Receiver to = locked(() -> Objects.requireNonNull(receiver));
        if (answer == null) {
            to.failed(locked(() -> Objects.requireNonNull(failure)));
            return;
        }
        try {
            to.answered(answer.response);
        } catch (IOException e) { // as OkHttp does with callbacks that throw it
            LOG.info("Callback failure", e);
        }
    }

    // ------------------------------------------------------------------------------------------ cancelling

    void cancel() {
        List<Call> all = locked(() -> {
            cancelled = true;
            stopTimer();
            return List.copyOf(calls);
        });
        all.forEach(Call::cancel);
    }

    boolean isCanceled() {
        return locked(() -> cancelled || (winner == null ? !settled && first.isCanceled() : winner.isCanceled()));
    }
}
