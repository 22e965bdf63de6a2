package io.lb4j.okhttp;

import io.lb4j.LoadBalancer;
import java.time.Duration;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A LoadBalancer, and how HTTP requests use it. Immutable.
 *
 * <p>The LoadBalancer's name is the host of the URLs that it serves, whatever their port.
 *
 * <pre>{@code
 * Service.of(orders).withKey(request -> request.header("X-Customer")).withRetries(RetryRule.standard().withTries(2))
 * }</pre>
 */
public final class Service {
    private final LoadBalancer loadBalancer;
    private final Function<? super Request, ? extends @Nullable CharSequence> key;
    private final Function<? super Request, @Nullable String> session;
    private final OutcomeRule outcomes;
    private final RetryRule retries;
    private final Duration connectTimeout;

    private Service(
            LoadBalancer loadBalancer,
            Function<? super Request, ? extends @Nullable CharSequence> key,
            Function<? super Request, @Nullable String> session,
            OutcomeRule outcomes,
            RetryRule retries,
            Duration connectTimeout) {
        this.loadBalancer = loadBalancer;
        this.key = key;
        this.session = session;
        this.outcomes = outcomes;
        this.retries = retries;
        this.connectTimeout = connectTimeout;
    }

    /**
     * Returns a service with the default settings.
     *
     * @param loadBalancer stays the caller's to close; its name must be a canonical host name: lower case, no blanks
     * @return the service
     */
    public static Service of(LoadBalancer loadBalancer) {
        Checks.canonicalHost(
                "service", Checks.notNull("loadBalancer", loadBalancer).name());
        return new Service(
                loadBalancer,
                request -> null,
                request -> null,
                OutcomeRule.standard(),
                RetryRule.standard(),
                Duration.ofSeconds(2));
    }

    /**
     * Returns this service with another source of keys for hash algorithms.
     *
     * @param value gives the key of a request, or null; asked once per call
     * @return a copy
     */
    public Service withKey(Function<? super Request, ? extends @Nullable CharSequence> value) {
        Checks.notNull("key", value);
        return new Service(loadBalancer, value, session, outcomes, retries, connectTimeout);
    }

    /**
     * Returns this service with another source of sessions for its stickiness policy.
     *
     * @param value gives the session of a request, or null; asked once per call
     * @return a copy
     */
    public Service withSession(Function<? super Request, @Nullable String> value) {
        Checks.notNull("session", value);
        return new Service(loadBalancer, key, value, outcomes, retries, connectTimeout);
    }

    /**
     * Returns this service with another idea of what speaks against an endpoint.
     *
     * @param value {@link OutcomeRule#standard()} by default
     * @return a copy
     */
    public Service withOutcomes(OutcomeRule value) {
        Checks.notNull("outcomes", value);
        return new Service(loadBalancer, key, session, value, retries, connectTimeout);
    }

    /**
     * Returns this service with another rule for retries.
     *
     * @param value {@link RetryRule#standard()} by default
     * @return a copy
     */
    public Service withRetries(RetryRule value) {
        Checks.notNull("retries", value);
        return new Service(loadBalancer, key, session, outcomes, value, connectTimeout);
    }

    /**
     * Returns this service with another time for connecting, as long as another endpoint could be tried instead.
     *
     * @param value in whole milliseconds; 2 s by default; zero = always the client's own connect timeout. It only ever
     *     shortens that one
     * @return a copy
     */
    public Service withConnectTimeout(Duration value) {
        Checks.timeout("connectTimeout", value);
        return new Service(loadBalancer, key, session, outcomes, retries, value);
    }

    /**
     * Returns the name.
     *
     * @return the host of the URLs that this service serves
     */
    public String name() {
        return loadBalancer.name();
    }

    /**
     * Returns the LoadBalancer.
     *
     * @return the LoadBalancer
     */
    public LoadBalancer loadBalancer() {
        return loadBalancer;
    }

    @Nullable
    CharSequence key(Request request) {
        return key.apply(request);
    }

    @Nullable
    String session(Request request) {
        return session.apply(request);
    }

    OutcomeRule outcomes() {
        return outcomes;
    }

    RetryRule retries() {
        return retries;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    /** Returns the LoadBalancer's own description. */
    @Override
    public String toString() {
        return loadBalancer.toString();
    }
}
