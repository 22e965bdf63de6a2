package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What this library knows of one Call, from its first attempt to its end; hears the events that end an attempt.
 *
 * <p>It is reachable only from the Call: when it becomes garbage, nobody can read the response any more.
 */
final class CallState extends EventListener {
    private final Call call;
    private final long began = System.nanoTime();
    /** Completes when the call is cancelled; made by the thread that makes the call, when it has to wait. */
    private volatile @Nullable CompletableFuture<Void> cancelled;

    private final BalancedCall decisions;
    /** Confined to the thread that makes the call. */
    private @Nullable EndpointRoute lastRoute;
    /** Written by the thread that makes the call. */
    private volatile @Nullable InFlightAttempt attempt;
    /** Confined to the thread that makes the call; see {@link HiddenRetryAfter}. */
    private @Nullable String hiddenRetryAfter;
    /** The number of the last attempt among the decisions, -1 = none; written by the thread that makes the call. */
    private volatile int number = -1;
    // These are written by the thread that makes the call; the race of the hedges hands them to another one.
    /** The numbers of the attempts before; null = none. */
    private @Nullable BitSet before;

    private String service = "";
    private @Nullable String rule;
    /** Whether this call repeats another one, and shares its decisions. */
    private boolean hedge;
    /** Whether the last attempt answered as it should; written by the thread that makes the call. */
    private volatile boolean answered;
    /** Confined to the thread that makes the call; see {@link HiddenRedirect}. */
    private HiddenRedirect.@Nullable Headers hiddenRedirect;
    /** The URL that a router has had sent; null = no router has chosen. Confined to the thread that makes the call. */
    private @Nullable HttpUrl routedUrl;
    /** What a router draws from; 0 = not drawn yet. Written by the thread that makes the call, read by those of its hedges. */
    private long seed;

    private CallState(Call call) {
        this.call = call;
        this.decisions = BalancedCall.of(call);
    }

    /** Returns the state of a call, made when it is first asked for. */
    static CallState of(Call call) {
        CallState known = call.tag(CallState.class);
        if (known != null) {
            return known;
        }
        CallState made = new CallState(call);
        CallState state = call.tag(CallState.class, () -> made);
        if (state == made) {
            call.addEventListener(made);
        }
        return state;
    }

    /** The last attempt is over. */
    void decided(AttemptResult result, RetryDecision decision) {
        answered = decision == RetryDecision.ANSWERED;
        decisions.ended(number, result, decision);
    }

    BalancedCall decisions() {
        return decisions;
    }

    /** The number of the last attempt among all of the call, those of hedges and of interceptors above included; from 1. */
    int attemptNumber() {
        return number + 1;
    }

    boolean isAnswered() {
        return answered;
    }

    /** The last attempt's answer is the one that the caller gets, of those of several calls. */
    void won() {
        decisions.won(number, before == null ? new BitSet() : before, service, rule);
    }

    @Nullable
    InFlightAttempt attempt() {
        return attempt;
    }

    /** Begins an attempt, and ends the one before, also if an interceptor above has left its response open. */
    void begin(InFlightAttempt next, String name) {
        endAttempt();
        service = name;
        tellPlace();
        if (number >= 0) {
            before = before == null ? new BitSet() : before;
            before.set(number);
        }
        number = decisions.began(next.lease().endpoint());
        answered = false;
        hiddenRetryAfter = null;
        hiddenRedirect = null;
        attempt = next;
        lastRoute = next.route();
    }

    /** Whether the call may still hold a connection to another endpoint than the one that {@code next} leads to. */
    boolean holdsOther(EndpointRoute next) {
        return lastRoute != null && !lastRoute.dns().equals(next.dns());
    }

    void endAttempt() {
        InFlightAttempt current = attempt;
        if (current != null) {
            current.end();
        }
    }

    void hideRetryAfter(String value) {
        hiddenRetryAfter = value;
    }

    @Nullable
    String takeHiddenRetryAfter() {
        String value = hiddenRetryAfter;
        hiddenRetryAfter = null;
        return value;
    }

    void hideRedirect(HiddenRedirect.Headers headers) {
        hiddenRedirect = headers;
    }

    boolean hidesRedirect() {
        return hiddenRedirect != null;
    }

    HiddenRedirect.@Nullable Headers takeHiddenRedirect() {
        HiddenRedirect.Headers headers = hiddenRedirect;
        hiddenRedirect = null;
        return headers;
    }

    /** A rule of a router has decided. */
    void ruled(@Nullable String name) {
        rule = name;
        tellPlace();
    }

    private void tellPlace() {
        if (!hedge) {
            decisions.isAt(service, rule);
        }
    }

    void routed(HttpUrl sent) {
        routedUrl = sent;
    }

    @Nullable
    HttpUrl routedUrl() {
        return routedUrl;
    }

    /** The call goes on somewhere else, perhaps where nothing is balanced. */
    void leave() {
        endAttempt();
        attempt = null;
        routedUrl = null;
        hiddenRedirect = null;
        ruled(null);
    }

    /** This one is a hedge of {@code first}: it draws what that has drawn. */
    void repeats(CallState first) {
        hedge = true;
        seed = first.seed();
    }

    /** The same for the whole call, so that a redirect stays with its variant. */
    long seed() {
        while (seed == 0) {
            seed = ThreadLocalRandom.current().nextLong();
        }
        return seed;
    }

    /**
     * Tells whether the call's own timeout ended it during an attempt that began at {@code start} and took most of the
     * time. OkHttp implements that timeout as a cancel, which does not say why.
     */
    boolean isTimedOut(long start) {
        long timeout = call.timeout().timeoutNanos();
        long now = System.nanoTime();
        return timeout > 0 && now - began >= timeout - timeout / 10 && now - start >= timeout / 2;
    }

    /** What is left of the call's own timeout and deadline; less than 0 if nothing is. */
    long remainingNanos() {
        Timeout timeout = call.timeout();
        long now = System.nanoTime();
        long total = timeout.timeoutNanos();
        long left = total == 0 ? Long.MAX_VALUE : total - (now - began);
        return timeout.hasDeadline() ? Math.min(left, timeout.deadlineNanoTime() - now) : left;
    }

    // ------------------------------------------------------------------------------------------ waiting

    /** Waits, but no longer than until the call is cancelled, its timeout ends it, or the thread is interrupted. */
    void pause(long nanos) throws IOException {
        try {
            cancelled().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException over) {
            throwIfCancelled();
            return;
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        throw new IOException("Canceled");
    }

    /** Waits for a future in the same way; the caller cancels it if this throws. */
    void await(CompletableFuture<?> future) throws IOException {
        CompletableFuture<Void> end = cancelled();
        CompletableFuture<?> settled = future.handle((value, failure) -> null);
        try {
            CompletableFuture.anyOf(settled, end).get();
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        throwIfCancelled();
    }

    /** A cancel tells the future, or is seen here: OkHttp notes it before it tells. */
    private CompletableFuture<Void> cancelled() throws IOException {
        CompletableFuture<Void> known = cancelled;
        CompletableFuture<Void> end = known == null ? new CompletableFuture<>() : known;
        cancelled = end;
        throwIfCancelled();
        return end;
    }

    private void throwIfCancelled() throws IOException {
        if (call.isCanceled()) {
            throw new IOException("Canceled");
        }
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException failure = new InterruptedIOException("interrupted");
        failure.initCause(cause);
        return failure;
    }

    // ------------------------------------------------------------------------------------------ events

    @Override
    public void requestHeadersStart(Call ignored) {
        InFlightAttempt current = attempt;
        if (current != null) {
            current.requestStarts();
        }
    }

    @Override
    public void requestBodyEnd(Call ignored, long byteCount) {
        InFlightAttempt current = attempt;
        if (current != null) {
            current.sentBody(byteCount);
        }
    }

    @Override
    public void followUpDecision(Call ignored, Response response, @Nullable Request next) {
        InFlightAttempt current = attempt;
        if (current != null && next != null) {
            current.redirectedTo(next.url().host());
        }
    }

    @Override
    public void responseBodyEnd(Call ignored, long byteCount) {
        InFlightAttempt current = attempt;
        if (current != null) {
            current.receivedBody(byteCount);
        }
    }

    @Override
    public void responseFailed(Call ignored, IOException failure) {
        InFlightAttempt current = attempt;
        if (current != null) {
            current.broke(call.isCanceled() ? Outcome.CANCELLED : StandardOutcomes.of(failure));
        }
    }

    @Override
    public void callEnd(Call ignored) {
        endAttempt();
    }

    @Override
    public void callFailed(Call ignored, IOException failure) {
        endAttempt();
    }

    @Override
    public void canceled(Call ignored) {
        CompletableFuture<Void> waiting = cancelled;
        if (waiting != null) {
            waiting.complete(null);
        }
        InFlightAttempt current = attempt;
        if (current != null) {
            current.cancelled();
        }
    }
}
