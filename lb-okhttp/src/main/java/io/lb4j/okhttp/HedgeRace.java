package io.lb4j.okhttp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
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
 * <p>Thread-safe. Neither OkHttp nor the user is called under the lock.
 */
final class HedgeRace {
    private static final Logger LOG = LoggerFactory.getLogger(BalancedClient.class);

    private final OkHttpClient client;
    private final Call first;

    // All of these are guarded by this.
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

    HedgeRace(OkHttpClient client, Call first) {
        this.client = client;
        this.first = first;
        calls.add(first);
        HedgeRace ignored = first.tag(HedgeRace.class, () -> this);
    }

    synchronized void begin(Receiver to) {
        receiver = to;
        running.add(first);
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

    private synchronized void arm(Hedge next, long delay, int most) {
        if (!settled && calls.size() <= most) {
            stopTimer();
            timer = next.startIn(delay);
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
        List<Consumer<Call>> wanted;
        synchronized (this) {
            if (settled || cancelled) {
                return false;
            }
            calls.add(hedge);
            running.add(hedge);
            wanted = List.copyOf(preparations);
        }
        wanted.forEach(each -> each.accept(hedge));
        return true;
    }

    /** Does something to each hedge before it runs. */
    synchronized void prepare(Consumer<Call> preparation) {
        preparations.add(preparation);
    }

    synchronized boolean isSettled() {
        return settled;
    }

    synchronized boolean isHedged() {
        return calls.size() > 1;
    }

    /** Whether {@code call} is cancelled because another one has won. */
    synchronized boolean isLostBy(Call call) {
        return winner != null && winner != call;
    }

    // ------------------------------------------------------------------------------------------ ending

    void answered(Call call, Response response) {
        CallState state = call.tag(CallState.class);
        boolean good = state == null || state.isAnswered(); // null: an interceptor of the user's has answered
        Answer answer = new Answer(call, response);
        Answer unused = null;
        boolean ends = false;
        synchronized (this) {
            running.remove(call);
            if (settled) {
                unused = answer;
            } else if (good) {
                unused = fallback;
                ends = settle(answer);
            } else {
                unused = fallback;
                fallback = answer;
                ends = running.isEmpty() && settle(answer);
            }
        }
        close(unused);
        if (ends) {
            deliver(answer);
        }
    }

    /** Cancelled by others than the race, it was the user's wish, or the call's own timeout: that ends the race. */
    void failed(Call call, IOException cause) {
        Answer unused = null;
        Answer answer = null;
        boolean ends = false;
        synchronized (this) {
            running.remove(call);
            if (settled) {
                return;
            }
            if (failure == null || call == first) {
                failure = cause;
            }
            if (call.isCanceled()) {
                cancelled = true;
                failure = cause;
                unused = fallback;
                ends = settle(null);
            } else if (running.isEmpty()) {
                answer = fallback;
                ends = settle(answer);
            }
        }
        close(unused);
        if (ends) {
            deliver(answer);
        }
    }

    /** Called with the lock held. */
    private boolean settle(@Nullable Answer answer) {
        settled = true;
        winner = answer == null ? null : answer.call;
        fallback = null;
        stopTimer();
        return true;
    }

    private static void close(@Nullable Answer answer) {
        if (answer != null) {
            answer.call.cancel(); // else closing may read the rest of the body
            answer.response.close();
        }
    }

    private void deliver(@Nullable Answer answer) {
        Receiver to;
        IOException cause;
        List<Call> losers;
        synchronized (this) {
            to = receiver;
            cause = failure;
            losers = List.copyOf(running);
        }
        losers.forEach(Call::cancel);
        if (answer != null && isHedged()) {
            tellWinner(answer.call);
        }
        give(to, answer, cause);
    }

    private static void tellWinner(Call call) {
        CallState state = call.tag(CallState.class);
        if (state != null) {
            state.won();
        }
    }

    private static void give(@Nullable Receiver to, @Nullable Answer answer, @Nullable IOException cause) {
        try {
            if (to != null && answer != null) {
                to.answered(answer.response);
            } else if (to != null && cause != null) {
                to.failed(cause);
            }
        } catch (IOException e) { // as OkHttp does with callbacks that throw it
            LOG.info("Callback failure", e);
        }
    }

    // ------------------------------------------------------------------------------------------ cancelling

    void cancel() {
        List<Call> all;
        synchronized (this) {
            cancelled = true;
            stopTimer();
            all = List.copyOf(calls);
        }
        all.forEach(Call::cancel);
    }

    synchronized boolean isCanceled() {
        return cancelled || (winner == null ? !settled && first.isCanceled() : winner.isCanceled());
    }
}
