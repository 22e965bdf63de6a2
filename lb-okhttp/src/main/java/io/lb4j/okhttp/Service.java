package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import io.lb4j.LoadBalancer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
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
    @SuppressWarnings("UnnecessaryLambda") // it is told from other predicates by its identity
    private static final Predicate<Endpoint> ALL = endpoint -> true;

    private final LoadBalancer loadBalancer;
    private final ServiceSettings settings;

    private Service(LoadBalancer loadBalancer, ServiceSettings settings) {
        this.loadBalancer = loadBalancer;
        this.settings = settings;
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
        return new Service(loadBalancer, new ServiceSettings());
    }

    private Service with(Consumer<ServiceSettings> change) {
        ServiceSettings changed = settings.clone();
        change.accept(changed);
        return new Service(loadBalancer, changed);
    }

    /**
     * Returns this service with another source of keys for hash algorithms.
     *
     * @param value gives the key of a request, or null; asked once per call
     * @return a copy
     */
    public Service withKey(Function<? super Request, ? extends @Nullable CharSequence> value) {
        Checks.notNull("key", value);
        return with(settings -> settings.key = value);
    }

    /**
     * Returns this service with another source of sessions for the stickiness policy of its LoadBalancer.
     *
     * @param value gives the session of a request, or null; asked once per call
     * @return a copy
     */
    public Service withSession(Function<? super Request, @Nullable String> value) {
        Checks.notNull("session", value);
        return withSessions((request, cookies) -> value.apply(request));
    }

    /**
     * Returns this service with another way to find sessions, one that may read cookies and learn from answers; the
     * LoadBalancer needs a stickiness policy to match.
     *
     * @param value for instance a {@code LearnedCookie}; replaces what {@link #withSession} has set
     * @return a copy
     */
    public Service withSessions(SessionTracking value) {
        Checks.notNull("sessions", value);
        return with(settings -> settings.sessions = value);
    }

    /**
     * Returns this service with another idea of what speaks against an endpoint.
     *
     * @param value {@link OutcomeRule#standard()} by default
     * @return a copy
     */
    public Service withOutcomes(OutcomeRule value) {
        Checks.notNull("outcomes", value);
        return with(settings -> settings.outcomes = value);
    }

    /**
     * Returns this service with another rule for retries.
     *
     * @param value {@link RetryRule#standard()} by default
     * @return a copy
     */
    public Service withRetries(RetryRule value) {
        Checks.notNull("retries", value);
        return with(settings -> settings.retries = value);
    }

    /**
     * Returns this service with another time for connecting, as long as another endpoint could be tried instead.
     *
     * @param value in whole milliseconds; 2 s by default; zero = always that of {@link #withTimeouts}, or the client's own. It
     *     only ever shortens that one
     * @return a copy
     */
    public Service withConnectTimeout(Duration value) {
        Checks.timeout("connectTimeout", value);
        return with(settings -> settings.connectTimeout = value);
    }

    /**
     * Returns this service with other times for connecting, sending and reading than those of the client.
     *
     * @param value {@link Timeouts#none()} by default; a request that is tagged with {@code Timeouts.class} overrides it
     * @return a copy
     */
    public Service withTimeouts(Timeouts value) {
        Checks.notNull("timeouts", value);
        return with(settings -> settings.timeouts = value);
    }

    /**
     * Returns this service with headers on its requests that tell the endpoints about them.
     *
     * @param value {@link RequestHeaders#none()} by default
     * @return a copy
     */
    public Service withRequestHeaders(RequestHeaders value) {
        Checks.notNull("requestHeaders", value);
        return with(settings -> settings.requestHeaders = value);
    }

    /**
     * Returns this service with a header on its responses that tells the id of the endpoint that gave them, for debugging. Not
     * on those from the cache or from elsewhere. One that the endpoint has sent under this name is replaced.
     *
     * @param name for instance {@code X-Served-By}; none by default
     * @return a copy
     */
    public Service withNodeHeader(String name) {
        Checks.headerName("header of the node", name);
        return with(settings -> settings.nodeHeader = name);
    }

    /**
     * Returns this service with all its endpoints in rewrite mode, as {@link #withRewrite(Predicate)} explains; then the
     * client may have a proxy.
     *
     * @return a copy
     */
    public Service withRewrite() {
        return withRewrite(ALL);
    }

    /**
     * Returns this service with some of its endpoints in rewrite mode: the URL gets their own host and port. Right only for
     * an endpoint that is an origin of its own, with a DNS name and a certificate, or that a proxy leads to.
     *
     * <p>What it costs: the {@code Host} header, cookies, cache entries, certificate checks and pins are those of the
     * endpoint, so a cookie that one endpoint sets is not sent to another, the cache holds each answer once per endpoint, and
     * pins for the name of the service do not apply.
     *
     * @param value true = rewrite; by default false for all
     * @return a copy
     */
    public Service withRewrite(Predicate<? super Endpoint> value) {
        Checks.notNull("rewrite", value);
        return with(settings -> settings.rewritten = value);
    }

    /**
     * Returns this service with a limit of what is let in, for instance
     * {@link io.lb4j.okhttp.resilience.RateLimits#perService}.
     *
     * @param value lets everything in by default
     * @return a copy
     */
    public Service withAdmission(Admission value) {
        Checks.notNull("admission", value);
        return with(settings -> settings.admission = value);
    }

    /**
     * Returns this service, reading from answers what servers say of themselves.
     *
     * @param value for instance {@link ServerReport#orca()}; nothing is read by default
     * @return a copy
     */
    public Service withServerReports(ServerReport value) {
        Checks.notNull("serverReports", value);
        return with(settings -> settings.reports = value);
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
        return settings.key.apply(request);
    }

    SessionTracking sessions() {
        return settings.sessions;
    }

    OutcomeRule outcomes() {
        return settings.outcomes;
    }

    RetryRule retries() {
        return settings.retries;
    }

    Duration connectTimeout() {
        return settings.connectTimeout;
    }

    boolean tracksSessions() {
        return settings.sessions != ServiceSettings.NO_SESSIONS;
    }

    Timeouts timeouts() {
        return settings.timeouts;
    }

    RequestHeaders requestHeaders() {
        return settings.requestHeaders;
    }

    @Nullable
    String nodeHeader() {
        return settings.nodeHeader;
    }

    Admission admission() {
        return settings.admission;
    }

    ServerReport reports() {
        return settings.reports;
    }

    boolean readsReports() {
        return settings.reports != ServiceSettings.NO_REPORTS;
    }

    boolean isRewritten(Endpoint endpoint) {
        return settings.rewritten.test(endpoint);
    }

    boolean isAlwaysRewritten() {
        return settings.rewritten.equals(ALL);
    }

    /** Returns the LoadBalancer's own description. */
    @Override
    public String toString() {
        return loadBalancer.toString();
    }
}
