package io.lb4j.okhttp;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;

/**
 * Ends a time per try at the head of the answer: the body is read with the read timeout that the call had before. It is a
 * network interceptor because only those see the socket, whose own timeout OkHttp sets too on HTTP/1.1.
 */
final class ReadTimeoutRestored implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        CallState state = chain.call().tag(CallState.class);
        InFlightAttempt attempt = state == null ? null : state.attempt();
        Connection connection = chain.connection();
        if (attempt == null || !attempt.isHurried() || connection == null || response.socket() != null) {
            return response;
        }
        int millis = attempt.patientReadTimeoutMillis();
        if (connection.protocol() == Protocol.HTTP_1_1 || connection.protocol() == Protocol.HTTP_1_0) {
            connection.socket().setSoTimeout(millis);
        }
        response.body().source().timeout().timeout(millis, TimeUnit.MILLISECONDS);
        return response;
    }
}
