package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt gave: an answer or a failure.
 *
 * @param sent whether the request may have reached a server
 * @param retryAfter for how long an overloaded endpoint wants no requests; null if it does not say
 */
record AttemptResult(
        @Nullable Response response,
        @Nullable IOException failure,
        Outcome outcome,
        boolean sent,
        @Nullable Duration retryAfter) {
    static AttemptResult answered(Response response, Outcome outcome, @Nullable Duration retryAfter) {
        return new AttemptResult(response, null, outcome, true, retryAfter);
    }

    static AttemptResult failed(IOException failure, Outcome outcome, boolean sent) {
        return new AttemptResult(null, failure, outcome, sent, null);
    }

    /** An interceptor failed. */
    static AttemptResult broken(boolean sent) {
        return new AttemptResult(null, null, Outcome.CANCELLED, sent, null);
    }

    int status() {
        return response == null ? 0 : response.code();
    }

    Response get() throws IOException {
        if (response == null) {
            throw Objects.requireNonNull(failure);
        }
        return response;
    }

    void close() {
        if (response != null) {
            response.close();
        }
    }

    /** Whether a server may have executed the request. */
    boolean mayBeExecuted() {
        return sent && (failure == null || !isUnprocessed(failure));
    }

    /**
     * The server has certainly not executed the request, though its headers were written. OkHttp's exception classes are
     * not exported, so they are known by their words.
     */
    private static boolean isUnprocessed(IOException failure) {
        return "stream was reset: REFUSED_STREAM".equals(failure.getMessage())
                || failure.getClass().getSimpleName().equals("ConnectionShutdownException");
    }
}
