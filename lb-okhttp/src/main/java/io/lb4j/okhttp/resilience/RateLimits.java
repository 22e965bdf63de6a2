package io.lb4j.okhttp.resilience;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.lb4j.Endpoint;
import io.lb4j.HealthTracker;
import io.lb4j.Ticker;
import io.lb4j.okhttp.Admission;
import io.lb4j.okhttp.RateLimitedException;
import java.time.Duration;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits by Resilience4j: for a service, for each key of its requests, for each endpoint.
 *
 * <pre>{@code
 * Service.of(orders)
 *         .withAdmission(RateLimits.perKey(request -> request.header("X-Tenant"), tenSecond, 10_000)
 *                 .and(RateLimits.perService(RateLimiter.of("orders", thousandSecond))))
 * LoadBalancer.builder("orders", source, balancer).healthTracker(HealthTrackers.anyOf(
 *         HealthTracker.consecutiveFailures(), RateLimits.perEndpoint("orders", registry)))
 * }</pre>
 *
 * <p>A call that finds no room waits for it, at most for the limiter's timeout duration, and less if it is cancelled; it
 * holds its thread meanwhile, but no endpoint. If it would have to wait longer it fails at once with a
 * {@link RateLimitedException}.
 */
public final class RateLimits {
    /** After this time without a request, if the refresh period is not longer, a key is forgotten. */
    private static final Duration LEAST_IDLE = Duration.ofMinutes(1);

    private RateLimits() {}

    /**
     * Returns a limit for all calls that pass it.
     *
     * @param limiter stays in use by others, if it is
     * @return the limit
     */
    public static Admission perService(RateLimiter limiter) {
        Names.notNull("limiter", limiter);
        return request -> reserve(limiter);
    }

    /**
     * Returns a limit for each key: a tenant, a user, a path. The limiters are in no registry, because there are many; a key
     * that has had no request for a minute, or for two refresh periods if that is longer, is forgotten.
     *
     * @param key gives the key of a request, null = not limited; called by many threads at once
     * @param config of each key's limiter
     * @param mostKeys how many keys are remembered at once, at least 1; when there are more, one that is seldom used begins
     *     anew
     * @return the limit
     */
    public static Admission perKey(
            Function<? super Request, @Nullable String> key, RateLimiterConfig config, int mostKeys) {
        return perKey(key, config, mostKeys, Ticker.system());
    }

    static Admission perKey(
            Function<? super Request, @Nullable String> key, RateLimiterConfig config, int mostKeys, Ticker ticker) {
        Names.notNull("key", key);
        Names.notNull("config", config);
        if (mostKeys < 1) {
            throw new IllegalArgumentException("mostKeys: " + mostKeys + " (expected: >= 1)");
        }
        Duration twice = config.getLimitRefreshPeriod().multipliedBy(2);
        LoadingCache<String, RateLimiter> limiters = Caffeine.newBuilder()
                .maximumSize(mostKeys)
                .expireAfterAccess(twice.compareTo(LEAST_IDLE) > 0 ? twice : LEAST_IDLE)
                .ticker(ticker::nanoTime)
                .executor(Runnable::run)
                .build(name -> RateLimiter.of(name, config, ticker::nanoTime));
        return request -> {
            String name = key.apply(request);
            return name == null ? 0 : reserve(limiters.get(name));
        };
    }

    /**
     * Returns a limit for each endpoint: one that is at its limit is passed over while others have room. No request waits
     * for an endpoint; when all are at their limits, it fails.
     *
     * <p>A limiter is taken from the registry by its {@linkplain #name name}; if there is none, it is made with the
     * registry's configuration of the name of the service, or else with the default one. Its timeout duration is set to
     * zero. It is removed from the registry a minute after its endpoint has left.
     *
     * @param service the first part of the names; one LoadBalancer for each in a registry
     * @param registry where the limiters are
     * @return a tracker that never ejects; see {@link io.lb4j.health.HealthTrackers#anyOf}
     */
    public static HealthTracker perEndpoint(String service, RateLimiterRegistry registry) {
        return new RateLimitTracker.Configured(Names.checked(service), Names.notNull("registry", registry));
    }

    /**
     * Returns the name of the rate limiter of an endpoint.
     *
     * @param service the name given to {@link #perEndpoint}
     * @param endpoint the endpoint
     * @return the service, a slash and the endpoint's id, for instance {@code orders/10.0.0.1:8080}
     */
    public static String name(String service, Endpoint endpoint) {
        return Names.of(service, endpoint);
    }

    private static long reserve(RateLimiter limiter) throws RateLimitedException {
        long nanos = limiter.reservePermission();
        if (nanos < 0) {
            RateLimiterConfig config = limiter.getRateLimiterConfig();
            throw new RateLimitedException(
                    "rate limit \"" + limiter.getName() + "\": " + config.getLimitForPeriod() + " per "
                            + config.getLimitRefreshPeriod() + ", no room within " + config.getTimeoutDuration(),
                    RequestNotPermitted.createRequestNotPermitted(limiter));
        }
        return nanos;
    }
}
