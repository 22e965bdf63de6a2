package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What a {@link Service} is set to. Written only by the thread that makes the Service, before it has it. */
final class ServiceSettings implements Cloneable {
    @SuppressWarnings("UnnecessaryLambda") // it is told from other readers by its identity
    static final ServerReport NO_REPORTS = (response, node, nowNanos) -> {};

    @SuppressWarnings("UnnecessaryLambda") // it is told from other trackings by its identity
    static final SessionTracking NO_SESSIONS = (request, cookies) -> null;

    Function<? super Request, ? extends @Nullable CharSequence> key = request -> null;
    SessionTracking sessions = NO_SESSIONS;
    OutcomeRule outcomes = OutcomeRule.standard();
    RetryRule retries = RetryRule.standard();
    Duration connectTimeout = Duration.ofSeconds(2);
    Timeouts timeouts = Timeouts.none();
    RequestHeaders requestHeaders = RequestHeaders.none();

    @Nullable
    String nodeHeader;

    Predicate<? super Endpoint> rewritten = endpoint -> false;
    Admission admission = request -> 0;
    ServerReport reports = NO_REPORTS;

    @Override
    public ServiceSettings clone() {
        try {
            return (ServiceSettings) super.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
