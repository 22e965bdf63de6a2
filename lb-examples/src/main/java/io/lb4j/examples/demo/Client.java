package io.lb4j.examples.demo;

import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.BalancedClient;
import java.time.Duration;
import okhttp3.OkHttpClient;

/**
 * An OkHttpClient with everything that has to be closed.
 *
 * @param http the client
 */
record Client(OkHttpClient http) implements AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    static Client of(LoadBalancer service) {
        OkHttpClient plain =
                new OkHttpClient.Builder().callTimeout(CALL_TIMEOUT).build();
        return new Client(BalancedClient.wrap(plain).service(service).build());
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
