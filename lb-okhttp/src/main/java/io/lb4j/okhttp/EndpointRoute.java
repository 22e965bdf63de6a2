package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;

/** How OkHttp is steered to one endpoint. Immutable. */
interface EndpointRoute {
    /** Whether this is still the way to {@code endpoint}, for a chain with the same means. */
    boolean leadsTo(Endpoint endpoint, Chain chain);

    /** The host of the URLs under which the endpoint is asked. */
    String host();

    /** What tells the connections of this route from those of others. */
    Dns dns();

    Chain apply(Chain chain);

    /** The request as the endpoint wants it. */
    Request outgoing(Request request) throws IOException;

    /** The response as the caller wants it. */
    default Response incoming(Response response) {
        return response;
    }

    /** Shortens the connect timeout; 0 is none at all. */
    static Chain connectWithin(int millis, Chain chain) {
        int configured = chain.connectTimeoutMillis();
        return configured != 0 && configured <= millis
                ? chain
                : chain.withConnectTimeout(millis, TimeUnit.MILLISECONDS);
    }

    /** Shortens all timeouts, as {@link RetryRule#withPerTryTimeout} says. */
    static Chain answerWithin(int millis, Chain chain) {
        Chain steered = connectWithin(millis, chain);
        int write = chain.writeTimeoutMillis();
        if (write == 0 || write > millis) {
            steered = steered.withWriteTimeout(millis, TimeUnit.MILLISECONDS);
        }
        int read = chain.readTimeoutMillis();
        return read == 0 || read > millis ? steered.withReadTimeout(millis, TimeUnit.MILLISECONDS) : steered;
    }
}
