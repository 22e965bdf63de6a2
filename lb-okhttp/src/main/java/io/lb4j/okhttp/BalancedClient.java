package io.lb4j.okhttp;

import io.lb4j.LoadBalancer;
import io.lb4j.Ticker;
import java.net.Proxy;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Puts LoadBalancers under an {@link OkHttpClient}.
 *
 * <pre>{@code
 * OkHttpClient client = BalancedClient.wrap(new OkHttpClient()).service(orders).build();
 * client.newCall(new Request.Builder().url("http://orders/v1/items").build()).execute();
 * }</pre>
 *
 * <p>A request whose host is the name of a service goes to one of its endpoints; its URL keeps that name, and so do its
 * cookies, its cache entries, the {@code Host} header, the server name and certificate of TLS. Every other request goes where
 * it went before.
 */
public final class BalancedClient {
    private BalancedClient() {}

    /**
     * Starts to build a client that balances.
     *
     * @param client has all other settings; it is not changed, and stays usable
     * @return a builder
     * @throws IllegalStateException if an OkHttp before 5.4 is on the class path
     */
    public static Builder wrap(OkHttpClient client) {
        OkHttpVersion.check();
        return new Builder(client);
    }

    /**
     * Returns a factory of calls that may be hedged, as the {@link RetryRule} of their service says.
     *
     * <p>Its calls are those of {@code client}, and may become several: a hedge is a call of its own on another endpoint, so
     * the client's interceptors and event listeners see it as one, and the dispatcher counts it among its synchronous calls,
     * which it does not limit. The call's timeout and {@code cancel} hold for all of them. A WebSocket is never hedged.
     *
     * <pre>{@code
     * Retrofit retrofit = new Retrofit.Builder().callFactory(BalancedClient.callFactory(client)).baseUrl(...).build();
     * }</pre>
     *
     * @param client made by a {@link Builder}, or derived from such a client
     * @return the factory; thread-safe
     * @throws IllegalArgumentException if the client does not balance
     */
    public static Call.Factory callFactory(OkHttpClient client) {
        LoadBalancingInterceptor balancing = Checks.notNull("client", client).interceptors().stream()
                .filter(LoadBalancingInterceptor.class::isInstance)
                .map(LoadBalancingInterceptor.class::cast)
                .findFirst()
                .orElseThrow(() -> Checks.bad("client", "does not balance", "one made by BalancedClient"));
        return balancing.hedges() ? request -> new HedgedCall(client, request) : client;
    }

    /** Collects services and settings. Not thread-safe. A bad value is refused at once and changes nothing. */
    public static final class Builder {
        private final OkHttpClient client;
        private final Map<String, Service> services = new LinkedHashMap<>();
        private final List<RequestRouter> routers = new ArrayList<>();
        private int maxMirrored = 64;
        private int maxRequests;
        private int maxIdleConnections = 256;
        private Duration keepAlive = Duration.ofMinutes(5);
        private @Nullable ConnectionPool connectionPool;
        private @Nullable Duration connectionMaxAge;
        private ConnectionRelease release = ConnectionRelease.byForeignRoute();
        private boolean guarded = true;
        private Ticker ticker = Ticker.system();

        private Builder(OkHttpClient client) {
            this.client = Checks.notNull("client", client);
            this.maxRequests = client.dispatcher().getMaxRequests();
            if (client.interceptors().stream().anyMatch(LoadBalancingInterceptor.class::isInstance)) {
                throw Checks.bad("client", "balanced already", "a plain one; give all services to one builder");
            }
        }

        /**
         * Adds a service with the default settings.
         *
         * @param loadBalancer its name is the host of the URLs that it serves
         * @return this
         */
        public Builder service(LoadBalancer loadBalancer) {
            return service(Service.of(loadBalancer));
        }

        /**
         * Adds a service.
         *
         * @param service the service; each name once
         * @return this
         * @throws IllegalStateException if its LoadBalancer is closed
         * @throws IllegalArgumentException if the client has a proxy for it that is not one of the JVM's own settings, or it
         *     has sessions and its LoadBalancer has no policy that keeps them
         */
        public Builder service(Service service) {
            String name = Checks.notNull("service", service).name();
            int ignored = service.loadBalancer().nodes().size(); // throws if it is closed
            if (!service.isAlwaysRewritten()) {
                checkNoProxy(name);
            }
            if (service.tracksSessions() && !service.loadBalancer().isSticky()) {
                throw Checks.bad(
                        "stickiness of " + name,
                        "none",
                        "LoadBalancer.builder(...).stickiness(policy, fallback), because the service has sessions");
            }
            if (services.putIfAbsent(name, service) != null) {
                throw Checks.bad("service", name, "each name once");
            }
            return this;
        }

        /**
         * Adds a router: requests for its hosts go to the services that it chooses. The URL keeps its host, unless a rule changes
         * it. A service may have the name of one of the hosts; then it gets requests through the router only.
         *
         * @param router for instance a {@code Router} of {@code io.lb4j.okhttp.routing}; each host once
         * @return this
         */
        public Builder router(RequestRouter router) {
            Set<String> hosts = Set.copyOf(Checks.notNull("router", router).hosts());
            if (hosts.isEmpty()) {
                throw Checks.bad("hosts of the router", hosts, "at least one");
            }
            for (String host : hosts) {
                Checks.hostOrWildcard("host of the router", host);
                if (routers.stream().anyMatch(other -> other.hosts().contains(host))) {
                    throw Checks.bad("host of the router", host, "each host in one router");
                }
            }
            routers.add(router);
            return this;
        }

        /** The proxies of the JVM's properties are passed by; one that the user has set is meant. */
        private void checkNoProxy(String name) {
            List<Proxy> proxies = proxiesFor(name);
            if (proxies.stream().anyMatch(each -> each.type() != Proxy.Type.DIRECT)) {
                throw Checks.bad(
                        "client's proxy for " + name,
                        proxies,
                        "none, because a proxy would choose the server itself, by the name of the service; or rewrite mode");
            }
        }

        private List<Proxy> proxiesFor(String name) {
            Proxy proxy = client.proxy();
            ProxySelector selector = client.proxySelector();
            if (proxy != null) {
                return List.of(proxy);
            } else if (selector.equals(ProxySelector.getDefault())) {
                return List.of();
            }
            List<Proxy> selected = selector.select(
                    new HttpUrl.Builder().scheme("http").host(name).build().uri());
            return selected == null ? List.of() : selected;
        }

        /**
         * Sets how many calls made by {@code enqueue} run at once, over all hosts; there is no lower limit per host, because
         * all endpoints of a service have the same.
         *
         * @param value at least 1; that of the wrapped client by default
         * @return this
         */
        public Builder maxRequests(int value) {
            maxRequests = Checks.range("maxRequests", value, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets how many idle connections are kept, over all endpoints.
         *
         * @param value at least 0; 256 by default. Fewer than endpoints x calls at once means that connections are made anew
         * @return this
         */
        public Builder maxIdleConnections(int value) {
            maxIdleConnections = Checks.range("maxIdleConnections", value, 0, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets how long idle connections are kept. Best below the time after which the servers close them: a POST that
         * meets a connection just being closed fails, because it must not be sent twice.
         *
         * @param value more than 0; 5 minutes by default
         * @return this
         */
        public Builder keepAlive(Duration value) {
            if (Checks.timeout("keepAlive", value).isZero()) {
                throw Checks.bad("keepAlive", value, "> 0");
            }
            keepAlive = value;
            return this;
        }

        /**
         * Sets the connection pool, instead of {@link #maxIdleConnections} and {@link #keepAlive}.
         *
         * @param value may be shared with other clients
         * @return this
         */
        public Builder connectionPool(ConnectionPool value) {
            connectionPool = Checks.notNull("connectionPool", value);
            return this;
        }

        /**
         * Sets how old a connection may get; then it serves one more request, and is closed. That lets requests move when an
         * endpoint hides several servers.
         *
         * @param value more than 0; no limit by default
         * @return this
         */
        public Builder connectionMaxAge(Duration value) {
            if (Checks.timeout("connectionMaxAge", value).isZero()) {
                throw Checks.bad("connectionMaxAge", value, "> 0");
            }
            connectionMaxAge = value;
            return this;
        }

        /**
         * Sets how many mirrored requests are in flight at once; more are left out, and nothing waits for them.
         *
         * @param value at least 1; 64 by default
         * @return this
         */
        public Builder maxMirrored(int value) {
            maxMirrored = Checks.range("maxMirrored", value, 1, Integer.MAX_VALUE);
            return this;
        }

        /** For tests. */
        Builder ticker(Ticker value) {
            ticker = value;
            return this;
        }

        /** For tests that show what goes wrong without. */
        Builder withoutConnectionRelease() {
            release = ConnectionRelease.NONE;
            guarded = false;
            return this;
        }

        /**
         * Returns the client.
         *
         * @return a new client; it shares the wrapped client's threads and has a dispatcher and a connection pool of its own
         * @throws IllegalArgumentException if there is no service, or a router names one that there is not
         */
        public OkHttpClient build() {
            if (services.isEmpty()) {
                throw Checks.bad("services", List.of(), "at least one");
            }
            routers.forEach(this::checkRouter);
            Destinations destinations = new Destinations(running(UnaryOperator.identity()), routers);
            OkHttpClient.Builder builder = client.newBuilder()
                    .dispatcher(dispatcher())
                    .connectionPool(
                            connectionPool != null
                                    ? connectionPool
                                    : new ConnectionPool(
                                            maxIdleConnections, keepAlive.toMillis(), TimeUnit.MILLISECONDS));
            // first, so that the user's see what was sent
            builder.networkInterceptors().addAll(0, List.of(new HiddenRetryAfter(), new HiddenRedirect(destinations)));
            if (connectionMaxAge != null) {
                builder.addNetworkInterceptor(new ConnectionAge(connectionMaxAge, ticker));
            }
            builder.addNetworkInterceptor(new StaleConnectionCheck(ticker));
            if (guarded) {
                builder.addNetworkInterceptor(new RoutingGuard());
            }
            builder.addNetworkInterceptor(new ReadTimeoutRestored());
            Mirrors mirrors = routers.isEmpty() ? null : mirrors(builder.build());
            return builder.addInterceptor(new LoadBalancingInterceptor(destinations, release, mirrors))
                    .build();
        }

        private void checkRouter(RequestRouter router) {
            for (String name : router.services()) {
                Service service = services.get(name);
                if (service == null) {
                    throw Checks.bad(router + ": service", name, "one of " + services.keySet());
                }
                if (!service.isAlwaysRewritten()) {
                    router.hosts().forEach(host -> checkNoProxy(host.replace("*.", "any.")));
                }
            }
        }

        private Map<String, RunningService> running(UnaryOperator<Service> change) {
            Map<String, RunningService> running = new LinkedHashMap<>();
            services.forEach((name, service) -> running.put(name, new RunningService(change.apply(service), ticker)));
            return running;
        }

        /** What nobody waits for is not worth a second try. */
        private Mirrors mirrors(OkHttpClient base) {
            UnaryOperator<Service> once = service ->
                    service.withRetries(service.retries().withTries(1).withHedging(HedgingPolicy.none()));
            return new Mirrors(base, running(once), release, maxMirrored);
        }

        private Dispatcher dispatcher() {
            Dispatcher dispatcher = new Dispatcher(client.dispatcher().executorService());
            dispatcher.setMaxRequests(maxRequests);
            dispatcher.setMaxRequestsPerHost(maxRequests);
            return dispatcher;
        }
    }
}
