package io.lb4j.okhttp;

import io.lb4j.Lease;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A further call of a race, due when the first takes too long.
 *
 * <p>It runs on a thread of the client's dispatcher, as a synchronous call. In the dispatcher's queue it could wait for the
 * very call that it is to overtake.
 */
final class Hedge implements Runnable {
    private static final long IDLE_SECONDS = 10;
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final HedgeRace race;
    private final OkHttpClient client;
    private final Call first;
    private final RunningService service;
    private final HttpRequestContext context;

    Hedge(HedgeRace race, OkHttpClient client, Call first, RunningService service, HttpRequestContext context) {
        this.race = race;
        this.client = client;
        this.first = first;
        this.service = service;
        this.context = context;
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "lb4j-hedges");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true); // nearly all are cancelled
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    Future<?> startIn(long nanos) {
        return TIMER.schedule(this::start, nanos, TimeUnit.NANOSECONDS);
    }

    private void start() {
        if (race.isSettled() || service.budget().available() == 0 || !service.hasOtherUp(context)) {
            return;
        }
        try {
            client.dispatcher().executorService().execute(this);
        } catch (RejectedExecutionException e) { // shut down: the first call goes on
        }
    }

    @Override
    public void run() {
        if (race.isSettled() || !service.retriesAtOnce().tryRetry()) {
            return;
        }
        @Nullable Runnable news;
        try {
            news = hedge();
        } finally {
            service.retriesAtOnce().retryEnds();
        }
        if (news != null) {
            news.run(); // calls the user, for however long
        }
    }

    /** What there is to tell when all is given back that the hedge has taken; null if it was not made. */
    private @Nullable Runnable hedge() {
        Lease lease = lease();
        if (lease == null) {
            return null;
        }
        HedgeTicket ticket = new HedgeTicket(service, context, lease);
        Call call = client.newCall(first.request());
        try {
            return prepare(call, ticket) && race.enter(call) ? made(call) : null;
        } finally {
            ticket.discard();
        }
    }

    private @Nullable Lease lease() {
        if (!service.budget().tryWithdraw()) {
            return null;
        }
        try {
            return context.acquireOther(service.loadBalancer());
        } catch (RuntimeException e) { // closed meanwhile, or an algorithm failed: the first call goes on
            return null;
        }
    }

    /** False if there is no time left. */
    private boolean prepare(Call call, HedgeTicket ticket) {
        BalancedCall decisions = BalancedCall.of(first);
        Object ignored = call.tag(BalancedCall.class, () -> decisions);
        ignored = call.tag(HedgeRace.class, () -> race);
        ignored = call.tag(HedgeTicket.class, () -> ticket);
        CallState.of(call).repeats(CallState.of(first));
        Timeout given = first.timeout();
        if (given.hasDeadline()) {
            call.timeout().deadlineNanoTime(given.deadlineNanoTime());
        }
        if (given.timeoutNanos() == 0) {
            call.timeout().timeout(0, TimeUnit.NANOSECONDS);
            return true;
        }
        long left = CallState.of(first).remainingNanos();
        if (left > 0) {
            call.timeout().timeout(left, TimeUnit.NANOSECONDS);
        }
        return left > 0;
    }

    private Runnable made(Call call) {
        try {
            Response response = call.execute();
            return () -> tell(call, response);
        } catch (IOException e) {
            return () -> race.failed(call, e);
        } catch (Throwable t) { // of an interceptor; the first call may fare better
            return () -> {
                race.failed(call, new IOException("the hedge failed, " + t, t));
                if (t instanceof Error error) {
                    throw error;
                }
            };
        }
    }

    private void tell(Call call, Response response) {
        try {
            race.answered(call, response);
        } catch (RuntimeException e) { // of a callback; OkHttp cancels then, too
            call.cancel();
            throw e;
        }
    }
}
