package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import io.lb4j.HealthProbe;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An active check of an endpoint by an HTTP request.
 *
 * <pre>{@code
 * HealthProbe probe = HttpProbe.get(new OkHttpClient(), "http://orders/health");
 * LoadBalancer.builder("orders", source, balancer).healthProbe(probe, HealthProbe.Schedule.standard())
 * }</pre>
 *
 * <p>It goes to the endpoint itself. The URL says the rest: the {@code Host} header and the name in TLS are those of the
 * service, as in the traffic. Client certificates, trust, protocols, Dns and sockets are the client's; its interceptors,
 * event listeners, cache, cookies and, but for {@linkplain Builder#rewrite() rewrite mode}, proxy are not used, and redirects
 * are not followed.
 *
 * <p>Probes have a connection pool of their own, so they neither use nor close the connections of the traffic: one
 * connection per endpoint and probe, kept for a minute after its last use. Only a new connection tells whether the endpoint
 * still accepts any; if that matters, add {@code header("Connection", "close")}. Immutable and thread-safe if the
 * conditions are.
 */
public final class HttpProbe implements HealthProbe {
    /** How much of a body is looked at, in bytes. */
    static final long LONGEST_BODY = 256 * 1024;

    private static final int MOST_CONNECTIONS = 4096;

    private final OkHttpClient client;
    private final Request request;
    private final StatusRanges statuses;
    private final List<HeaderCondition> headerConditions;
    private final List<Predicate<? super String>> bodyConditions;
    private final boolean deep;
    private final boolean rewritten;
    private final @Nullable Duration timeout;

    private record HeaderCondition(String name, Predicate<? super @Nullable String> holds) {
        void check(Response response) throws UnhealthyException {
            String value = response.header(name);
            if (!holds.test(value)) {
                throw new UnhealthyException("header " + name + ": " + (value == null ? "missing" : '"' + value + '"')
                        + ", not as expected");
            }
        }
    }

    private HttpProbe(Builder builder) {
        this.client = builder.client;
        this.request = builder.request();
        this.statuses = builder.statuses;
        this.headerConditions = List.copyOf(builder.headerConditions);
        this.bodyConditions = List.copyOf(builder.bodyConditions);
        this.deep = builder.deep;
        this.rewritten = builder.rewritten;
        this.timeout = builder.timeout;
    }

    /**
     * Returns a probe that sends a GET and expects a status from 200 to 299.
     *
     * @param client has all other settings; it is not changed
     * @param url http or https; its host is the name of the service, its port is not connected to
     * @return the probe
     */
    public static HttpProbe get(OkHttpClient client, String url) {
        return builder(client, url).build();
    }

    /**
     * Returns a deep probe: it reads what the server says of itself in JSON, as Spring Boot's Actuator does at
     * {@code /actuator/health}, or a server of {@code application/health+json}.
     *
     * @param client has all other settings; it is not changed
     * @param url http or https; its host is the name of the service, its port is not connected to
     * @return the probe
     * @see Builder#healthDocument()
     */
    public static HttpProbe deep(OkHttpClient client, String url) {
        return builder(client, url).healthDocument().build();
    }

    /**
     * Starts to build a probe.
     *
     * @param client has all other settings; it is not changed
     * @param url http or https; its host is the name of the service, its port is not connected to
     * @return a builder
     */
    public static Builder builder(OkHttpClient client, String url) {
        return new Builder(client, url);
    }

    @Override
    public Verdict check(Endpoint endpoint, Duration given) throws Exception {
        Duration allowed = timeout == null || given.compareTo(timeout) < 0 ? given : timeout;
        try (Response response = steered(endpoint, Math.max(1, allowed.toMillis()))
                .newCall(outgoing(endpoint))
                .execute()) {
            return judge(response);
        }
    }

    // ------------------------------------------------------------------------------------------ asking

    private OkHttpClient steered(Endpoint endpoint, long millis) {
        OkHttpClient.Builder builder = client.newBuilder()
                .connectTimeout(millis, TimeUnit.MILLISECONDS)
                .readTimeout(millis, TimeUnit.MILLISECONDS)
                .writeTimeout(millis, TimeUnit.MILLISECONDS)
                .callTimeout(millis, TimeUnit.MILLISECONDS);
        String service = rewritten ? "" : request.url().host();
        EndpointAddress address = rewritten ? EndpointAddress.AS_GIVEN : new EndpointAddress(service, endpoint.port());
        EndpointSockets sockets = new EndpointSockets(endpoint.host(), endpoint.port());
        if (!rewritten) {
            builder.proxy(Proxy.NO_PROXY).dns(new EndpointDns(service, endpoint.host(), endpoint.port(), client.dns()));
        }
        return builder.socketFactory(new EndpointSocketFactory(address, client.socketFactory(), sockets))
                .build();
    }

    private Request outgoing(Endpoint endpoint) throws IOException {
        HttpUrl url = request.url();
        HttpUrl.Builder changed = url.newBuilder().scheme(EndpointScheme.of(url, endpoint));
        if (rewritten) {
            changed.host(endpoint.host()).port(endpoint.port());
        }
        return request.newBuilder().url(changed.build()).build();
    }

    // ------------------------------------------------------------------------------------------ judging

    private Verdict judge(Response response) throws IOException {
        if (!statuses.contain(response.code())) {
            throw new UnhealthyException(
                    "status " + response.code() + " (expected: " + statuses + ")" + (deep ? told(response) : ""));
        }
        for (HeaderCondition each : headerConditions) {
            each.check(response);
        }
        if (!bodyConditions.isEmpty()) {
            String body = response.peekBody(LONGEST_BODY).string();
            if (!bodyConditions.stream().allMatch(condition -> condition.test(body))) {
                throw new UnhealthyException("body not as expected");
            }
        }
        return deep ? document(response).verdict() : Verdict.PASS;
    }

    private static HealthDocument document(Response response) throws IOException {
        var body = response.peekBody(LONGEST_BODY + 1);
        if (body.contentLength() > LONGEST_BODY) {
            throw new UnhealthyException("health document longer than " + LONGEST_BODY + " bytes");
        }
        return HealthDocument.read(body.string());
    }

    /** What the server says of itself along with a status that is bad enough without. */
    private static String told(Response response) {
        try {
            return ", " + document(response);
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the method and the URL. */
    @Override
    public String toString() {
        return request.method() + ' ' + request.url().redact();
    }

    /** Collects what to ask and what to expect. Not thread-safe. A bad value is refused at once and changes nothing. */
    public static final class Builder {
        private final OkHttpClient client;
        private final Request.Builder request;
        private String method = "GET";
        private StatusRanges statuses = StatusRanges.parse("200-299");
        private final List<HeaderCondition> headerConditions = new ArrayList<>();
        private final List<Predicate<? super String>> bodyConditions = new ArrayList<>();
        private boolean deep;
        private boolean rewritten;
        private @Nullable Duration timeout;

        private Builder(OkHttpClient client, String url) {
            this.client = bare(Checks.notNull("client", client));
            HttpUrl parsed = HttpUrl.parse(Checks.notNull("url", url));
            if (parsed == null) {
                throw Checks.bad("url", url, "an http or https URL, for instance \"http://orders/health\"");
            }
            String ignored = Checks.canonicalHost("url's host", parsed.host());
            this.request = new Request.Builder().url(parsed).header("User-Agent", "lb4j-health-probe");
        }

        /** The client without what belongs to its traffic. */
        private static OkHttpClient bare(OkHttpClient client) {
            OkHttpClient.Builder builder = client.newBuilder();
            builder.interceptors().clear();
            builder.networkInterceptors().clear();
            return builder.eventListener(EventListener.NONE)
                    .cache(null)
                    .cookieJar(CookieJar.NO_COOKIES)
                    .followRedirects(false)
                    .connectionPool(new ConnectionPool(MOST_CONNECTIONS, 1, TimeUnit.MINUTES))
                    .build();
        }

        /**
         * Sets the method.
         *
         * @param value GET by default; one that needs a body is sent with an empty one
         * @return this
         */
        public Builder method(String value) {
            Request.Builder ignored = new Request.Builder().method(value, bodyOf(value)); // refuses what is no method
            method = value;
            return this;
        }

        private static @Nullable RequestBody bodyOf(String method) {
            return switch (Checks.notNull("method", method)) {
                case "POST", "PUT", "PATCH", "PROPPATCH", "REPORT", "QUERY" -> RequestBody.create(new byte[0]);
                default -> null;
            };
        }

        /**
         * Sets a header of the request.
         *
         * @param name its name; {@code Host} makes the endpoint see another host than that of the URL
         * @param value its value
         * @return this
         */
        public Builder header(String name, String value) {
            request.header(Checks.notNull("header name", name), Checks.notNull("header value", value));
            return this;
        }

        /**
         * Sets which statuses are expected.
         *
         * @param value statuses and ranges of statuses, 100 to 599, with commas between them; {@code 200-299} by default
         * @return this
         */
        public Builder expectStatus(String value) {
            statuses = StatusRanges.parse(value);
            return this;
        }

        /**
         * Adds a condition for a header of the answer.
         *
         * @param name its name, in any case
         * @param condition is given its last value, null if the header is missing; quick, called by many threads at once
         * @return this
         */
        public Builder expectHeader(String name, Predicate<? super @Nullable String> condition) {
            headerConditions.add(new HeaderCondition(
                    Checks.notNull("header name", name), Checks.notNull("header condition", condition)));
            return this;
        }

        /**
         * Adds a condition for the body of the answer, for instance {@code Pattern.compile("ready").asPredicate()}.
         *
         * @param condition is given the first 256 KB, decoded as the answer says, else as UTF-8; called by many threads at
         *     once
         * @return this
         */
        public Builder expectBody(Predicate<? super String> condition) {
            bodyConditions.add(Checks.notNull("body condition", condition));
            return this;
        }

        /**
         * Expects a health document, in JSON, at most 256 KB. Its {@code status} decides, whatever the case of its letters:
         *
         * <ul>
         *   <li>{@code UP}, {@code pass}, {@code ok}, {@code healthy}, {@code UNKNOWN}: the endpoint is well, but degraded
         *       if one of the nested {@code components}, {@code checks} or {@code details} is not
         *   <li>{@code DEGRADED}, {@code warn}, {@code warning}: {@link io.lb4j.HealthProbe.Verdict#DEGRADED}
         *   <li>anything else, or no document: not well; the components that are not are in the reason
         * </ul>
         *
         * @return this
         */
        public Builder healthDocument() {
            deep = true;
            return this;
        }

        /**
         * Sends the probe with the endpoint's own host and port in the URL, for services {@linkplain Service#withRewrite()
         * in rewrite mode}.
         *
         * @return this
         */
        public Builder rewrite() {
            rewritten = true;
            return this;
        }

        /**
         * Sets the time that one check may take, the connection included; the schedule's timeout limits it, too.
         *
         * @param value in whole milliseconds, more than 0; by default only the schedule's counts
         * @return this
         */
        public Builder timeout(Duration value) {
            if (Checks.timeout("timeout", value).toMillis() == 0) {
                throw Checks.bad("timeout", value, ">= 1 ms");
            }
            timeout = value;
            return this;
        }

        private Request request() {
            Request.Builder complete = request.method(method, bodyOf(method));
            if (deep && complete.build().header("Accept") == null) {
                complete.header("Accept", "application/health+json, application/json;q=0.9, */*;q=0.1");
            }
            return complete.build();
        }

        /**
         * Returns the probe.
         *
         * @return a new probe
         * @throws IllegalArgumentException if a body is expected in answer to HEAD
         */
        public HttpProbe build() {
            if (method.equals("HEAD") && (deep || !bodyConditions.isEmpty())) {
                throw Checks.bad("method", method, "GET; an answer to HEAD has no body to look at");
            }
            return new HttpProbe(this);
        }
    }
}
