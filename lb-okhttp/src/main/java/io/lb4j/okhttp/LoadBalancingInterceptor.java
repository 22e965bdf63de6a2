package io.lb4j.okhttp;

import java.io.IOException;
import java.util.Map;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Sends the requests for a service to its endpoints; every other request passes through untouched. Thread-safe. */
final class LoadBalancingInterceptor implements Interceptor {
    private final Map<String, RunningService> services;
    private final ConnectionRelease release;

    LoadBalancingInterceptor(Map<String, RunningService> services, ConnectionRelease release) {
        this.services = Map.copyOf(services);
        this.release = release;
    }

    /** Whether any service wants its calls hedged. */
    boolean hedges() {
        return services.values().stream()
                .anyMatch(each -> each.settings().retries().hedging().maxHedges() > 0);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        @Nullable RunningService service = services.get(chain.request().url().host());
        return service == null ? chain.proceed(chain.request()) : new AttemptLoop(service, chain, release).run();
    }
}
