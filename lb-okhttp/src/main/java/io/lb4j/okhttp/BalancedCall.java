package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import io.lb4j.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    /** Written by the thread that makes the call. */
    private volatile String service = "";
    /** Written by the thread that makes the call. */
    private volatile @Nullable String rule;
    /** Immutable; replaced by the thread that makes the call. */
    private volatile List<Attempt> attempts = List.of();

    BalancedCall() {}

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
     * Returns where the call went last.
     *
     * @return the endpoint of the last attempt, null if there was none yet
     */
    public @Nullable Endpoint endpoint() {
        List<Attempt> now = attempts;
        return now.isEmpty() ? null : now.get(now.size() - 1).endpoint();
    }

    /**
     * Returns the attempts.
     *
     * @return an immutable list, the first attempt first; OkHttp's own repetitions on one endpoint are not in it
     */
    public List<Attempt> attempts() {
        return attempts;
    }

    void routed(@Nullable String name) {
        rule = name;
    }

    void began(String name, Endpoint endpoint) {
        service = name;
        List<Attempt> longer = new ArrayList<>(attempts);
        longer.add(new Attempt(endpoint, null, 0, null, null));
        attempts = List.copyOf(longer);
    }

    void ended(AttemptResult result, RetryDecision decision) {
        List<Attempt> changed = new ArrayList<>(attempts);
        int last = changed.size() - 1;
        Endpoint endpoint = changed.get(last).endpoint();
        changed.set(last, new Attempt(endpoint, result.outcome(), result.status(), result.failure(), decision));
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
