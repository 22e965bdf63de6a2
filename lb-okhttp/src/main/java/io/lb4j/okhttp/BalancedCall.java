package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import io.lb4j.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for one call: which endpoints were tried, how that went, and why it ended.
 *
 * <p>Found in the call's tags, during the call and after it; null there if the call went to no service and no router:
 *
 * <pre>{@code
 * Call call = client.newCall(request);
 * Response response = call.execute();
 * System.out.println(call.tag(BalancedCall.class));   // orders: 10.0.0.1:8080 503 RETRIED, 10.0.0.2:8080 200 ANSWERED
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class BalancedCall {
    /** Null for a call without hedges, which one thread makes; that thread then writes what the lock guards. */
    private final @Nullable ReentrantLock writing;
    /** Guarded by the lock when written. */
    private volatile String service = "";
    /** Guarded by the lock when written. */
    private volatile @Nullable String rule;
    /** Immutable; replaced by those who make the attempts, guarded by the lock. */
    private volatile List<Attempt> attempts = List.of();
    /** Which attempt answered a call that had several at once; -1 = none, or it had not; guarded by the lock when written. */
    private volatile int winner = -1;
    /** Whether it is known which of several calls has won, so that the others change nothing; guarded by the lock. */
    private boolean settled;

    /** Written once, guarded by the lock. */
    private volatile @Nullable String requestId;

    BalancedCall() {
        this(null);
    }

    private BalancedCall(@Nullable ReentrantLock writing) {
        this.writing = writing;
    }

    /** Returns the decisions of a call, made when they are first asked for. */
    static BalancedCall of(Call call) {
        return call.tag(HedgeRace.class) == null
                ? call.tag(BalancedCall.class, BalancedCall::new)
                : call.tag(BalancedCall.class, () -> new BalancedCall(new ReentrantLock()));
    }

    private void lock() {
        if (writing != null) {
            writing.lock();
        }
    }

    private void unlock() {
        if (writing != null) {
            writing.unlock();
        }
    }

    /**
     * One attempt.
     *
     * @param endpoint where it went
     * @param outcome how it went; null until that is known
     * @param status the HTTP status of the answer, 0 if there was none
     * @param failure why there was no answer; null if there was one, or is none yet
     * @param decision what happened next; null until that is known
     */
    public record Attempt(
            Endpoint endpoint,
            @Nullable Outcome outcome,
            int status,
            @Nullable IOException failure,
            @Nullable RetryDecision decision) {
        /** Returns the endpoint's id, the status or the failure, and the decision. */
        @Override
        public String toString() {
            Object result = failure != null ? failure : status != 0 ? status : "...";
            return endpoint.id() + ' ' + result + (decision == null ? "" : " " + decision);
        }
    }

    /**
     * Returns the service.
     *
     * @return its name; the last one if a redirect has led from one to another
     */
    public String service() {
        return service;
    }

    /**
     * Returns the rule that chose the service, or answered instead of one.
     *
     * @return its name in the {@link RequestRouter}; null if the host of the URL has none. After a redirect
     *     that of the new host
     */
    public @Nullable String rule() {
        return rule;
    }

    /**
     * Returns where the call went last; if several attempts ran at once, where the answer came from.
     *
     * @return the endpoint of that attempt, null if there was none yet
     */
    public @Nullable Endpoint endpoint() {
        List<Attempt> now = attempts;
        int decisive = winner >= 0 ? winner : now.size() - 1;
        return now.isEmpty() ? null : now.get(decisive).endpoint();
    }

    /**
     * Returns the attempts.
     *
     * @return an immutable list, the first attempt first; OkHttp's own repetitions on one endpoint are not in it
     */
    public List<Attempt> attempts() {
        return attempts;
    }

    /**
     * Returns the id that the request was sent with.
     *
     * @return the id; null if {@link RequestHeaders#withRequestId(String)} is not used, or there was no need to make one up
     */
    public @Nullable String requestId() {
        return requestId;
    }

    /** The id of the call, made if there is none yet: a hedge has that of the first call. */
    String requestId(Supplier<String> generator) {
        String known = requestId;
        if (known != null) {
            return known;
        }
        String made = Checks.notNull("request id", generator.get());
        lock();
        try {
            known = requestId == null ? made : requestId;
            requestId = known;
        } finally {
            unlock();
        }
        return known;
    }

    /** Where the call is now; a hedge has its own place until it wins. */
    void isAt(String serviceName, @Nullable String ruleName) {
        lock();
        try {
            if (!settled) {
                service = serviceName;
                rule = ruleName;
            }
        } finally {
            unlock();
        }
    }

    /** Returns the number of the attempt, for {@link #ended}. */
    int began(Endpoint endpoint) {
        lock();
        try {
            Attempt attempt = new Attempt(endpoint, null, 0, null, null);
            int number = attempts.size();
            attempts = number == 0 ? List.of(attempt) : longer(attempts, attempt);
            return number;
        } finally {
            unlock();
        }
    }

    void ended(int number, AttemptResult result, RetryDecision decision) {
        lock();
        try {
            Endpoint endpoint = attempts.get(number).endpoint();
            RetryDecision seen = winner >= 0 && winner != number ? afterLoss(decision) : decision;
            replace(number, new Attempt(endpoint, result.outcome(), result.status(), result.failure(), seen));
        } finally {
            unlock();
        }
    }

    /**
     * An attempt has answered the call, and others may be running or have answered too.
     *
     * @param number that of the attempt; -1 if there was none
     * @param before those that the same call has made before
     */
    void won(int number, BitSet before, String serviceName, @Nullable String ruleName) {
        lock();
        try {
            winner = number;
            service = serviceName;
            rule = ruleName;
            settled = true;
            for (int i = 0; i < attempts.size(); i++) {
                Attempt each = attempts.get(i);
                if (i != number && !before.get(i) && each.decision() == RetryDecision.ANSWERED) {
                    replace(i, new Attempt(each.endpoint(), each.outcome(), each.status(), null, RetryDecision.LOST));
                }
            }
        } finally {
            unlock();
        }
    }

    private static RetryDecision afterLoss(RetryDecision decision) {
        return decision == RetryDecision.ANSWERED || decision == RetryDecision.CANCELED ? RetryDecision.LOST : decision;
    }

    private static List<Attempt> longer(List<Attempt> attempts, Attempt attempt) {
        List<Attempt> longer = new ArrayList<>(attempts);
        longer.add(attempt);
        return List.copyOf(longer);
    }

    private void replace(int number, Attempt attempt) {
        if (attempts.size() == 1) { // nearly every call
            attempts = List.of(attempt);
            return;
        }
        List<Attempt> changed = new ArrayList<>(attempts);
        changed.set(number, attempt);
        attempts = List.copyOf(changed);
    }

    /** Returns the service, the rule and the attempts. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(service);
        if (rule != null) {
            text.append(service.isEmpty() ? "" : " ").append("by rule ").append(rule);
        }
        String separator = ": ";
        for (Attempt attempt : attempts) {
            text.append(separator).append(attempt);
            separator = ", ";
        }
        return text.toString();
    }
}
