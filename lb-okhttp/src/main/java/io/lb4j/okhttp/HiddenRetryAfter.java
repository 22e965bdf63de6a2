package io.lb4j.okhttp;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Hides from OkHttp what it would do with {@code Retry-After}: at 0 seconds it repeats the request, even a POST, on the
 * same endpoint; at more than 2^31 it throws NumberFormatException. The caller gets the header back.
 */
final class HiddenRetryAfter implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        CallState state = chain.call().tag(CallState.class);
        InFlightAttempt attempt = state == null ? null : state.attempt();
        String value = response.header(RetryAfter.NAME);
        if (state == null || attempt == null || !attempt.isRunning() || value == null || !RetryAfter.isDigits(value)) {
            return response;
        }
        int seconds = RetryAfter.seconds(value);
        if (response.code() == 503 && seconds == 0) {
            state.hideRetryAfter(value);
            return response.newBuilder().removeHeader(RetryAfter.NAME).build();
        } else if (seconds >= RetryAfter.LONGEST_SECONDS) {
            state.hideRetryAfter(value);
            return response.newBuilder()
                    .header(RetryAfter.NAME, Integer.toString(seconds))
                    .build();
        }
        return response;
    }

    static Response restored(Response response, @Nullable String hidden) {
        return hidden == null
                ? response
                : response.newBuilder().header(RetryAfter.NAME, hidden).build();
    }
}
