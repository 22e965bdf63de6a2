package io.lb4j.okhttp;

import java.io.IOException;
import okhttp3.Connection;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.Response;

/** The last look before a request is written: fails it if its connection does not lead to the endpoint chosen. */
final class RoutingGuard implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
        CallState state = chain.call().tag(CallState.class);
        InFlightAttempt attempt = state == null ? null : state.attempt();
        Connection connection = chain.connection();
        if (attempt != null && attempt.isRunning() && connection != null) {
            Dns used = connection.route().address().dns();
            Dns chosen = attempt.route().dns();
            if (chosen instanceof EndpointDns && !used.equals(chosen)) {
                throw new MisroutedException("chosen was " + chosen + ", but the connection was made with " + used
                        + "; an interceptor that sets a Dns must come before the load balancer");
            }
        }
        return chain.proceed(chain.request());
    }
}
