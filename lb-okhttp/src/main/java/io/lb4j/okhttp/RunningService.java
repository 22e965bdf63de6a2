package io.lb4j.okhttp;

import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import io.lb4j.Outcome;
import io.lb4j.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service in use by one client: its settings, and what all its calls share. Thread-safe. */
final class RunningService {
    private static final Logger LOG = LoggerFactory.getLogger(BalancedClient.class);

    /** What no header can hold; an id may be any text. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

    private final Service service;
    private final RetryBudget budget;
    private final RetriesAtOnce retriesAtOnce;
    private final RecentLatencies latencies;
    private final RouteCache routes;
    private final int connectTimeoutMillis;
    /** Set by the first call that could be hedged if it were made otherwise. */
    private final AtomicBoolean hedgingMissed = new AtomicBoolean();
    /** Set by the first call over TLS. */
    private final AtomicBoolean tlsSeen = new AtomicBoolean();

    RunningService(Service service, Ticker ticker) {
        RetryRule retries = service.retries();
        this.service = service;
        this.budget = new RetryBudget(retries.budgetRatio(), retries.budgetPerSecond(), ticker);
        this.retriesAtOnce = new RetriesAtOnce(retries.ratioAtOnce(), retries.leastAtOnce());
        this.latencies = new RecentLatencies(ticker);
        this.routes = new RouteCache(service);
        this.connectTimeoutMillis = (int) service.connectTimeout().toMillis();
    }

    Service settings() {
        return service;
    }

    String name() {
        return service.name();
    }

    LoadBalancer loadBalancer() {
        return service.loadBalancer();
    }

    RetryBudget budget() {
        return budget;
    }

    RetriesAtOnce retriesAtOnce() {
        return retriesAtOnce;
    }

    /** Takes how long an attempt took; or how long it has taken at least, which is better than to leave the slow ones out. */
    void tookNanos(long nanos) {
        if (service.retries().hedging().isMeasured()) {
            latencies.record(nanos);
        }
    }

    /** How long an attempt may take until it is hedged; 0 = it is not. */
    long hedgeDelayNanos() {
        return service.retries().hedging().delayNanos(latencies);
    }

    RouteCache routes() {
        return routes;
    }

    /** 0 = that of the client. */
    int connectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    /** Whether there is a node that this call has not tried and that orders do not forbid; it may be out all the same. */
    boolean mayHaveOther(HttpRequestContext context) {
        return hasOther(context, state -> state != Node.State.DISABLED);
    }

    /** Whether there is a node that this call has not tried and that takes requests. */
    boolean hasOtherUp(HttpRequestContext context) {
        return hasOther(context, state -> state == Node.State.UP || state == Node.State.DEGRADED);
    }

    private boolean hasOther(HttpRequestContext context, Predicate<Node.State> wanted) {
        try {
            NodeSet nodes = loadBalancer().nodes();
            for (int i = 0; i < nodes.size(); i++) { // each call asks, so no iterator
                if (!context.excludes(nodes.get(i)) && wanted.test(nodes.get(i).state())) {
                    return true;
                }
            }
        } catch (IllegalStateException closed) {
            return false;
        }
        return false;
    }

    // ------------------------------------------------------------------------------------------ request and response

    /** With the timeouts that count for a request. */
    Chain timed(Chain chain, Request request) {
        return service.timeouts().applyTo(chain, request);
    }

    /** With the headers that all attempts have. */
    Request announced(Request request, BalancedCall call) throws IOException {
        try {
            return service.requestHeaders().onto(request, call);
        } catch (
                RuntimeException e) { // a generator of the user's; any other exception would end an enqueued call badly
            throw new IOException(name() + ": the request got no id, " + e, e);
        }
    }

    /** With the header that tells who answered. */
    Response named(Response response, Node node) {
        String header = service.nodeHeader();
        return header == null
                ? response
                : response.newBuilder()
                        .header(
                                header,
                                UNPRINTABLE.matcher(node.endpoint().id()).replaceAll("?"))
                        .build();
    }

    // ------------------------------------------------------------------------------------------ sessions

    /** What a failing tracker loses is a session, not the answer. */
    Response tracked(SessionAnswer answer) {
        try {
            return service.sessions().answered(answer);
        } catch (RuntimeException e) {
            LOG.warn("{}: the SessionTracking failed, the session may be lost", name(), e);
            return answer.response();
        }
    }

    // ------------------------------------------------------------------------------------------ judging

    Outcome judge(Response response) {
        try {
            return service.outcomes().ofResponse(response);
        } catch (RuntimeException e) {
            LOG.warn("{}: the OutcomeRule failed, the standard one is used", name(), e);
            return StandardOutcomes.of(response);
        }
    }

    Outcome judge(IOException failure) {
        try {
            return service.outcomes().ofFailure(failure);
        } catch (RuntimeException e) {
            LOG.warn("{}: the OutcomeRule failed, the standard one is used", name(), e);
            return StandardOutcomes.of(failure);
        }
    }

    /** How long the endpoint asks to be left alone; zero if it does not. */
    Duration rest(Response response) {
        try {
            Duration asked = service.outcomes().rest(response);
            return asked.isNegative() ? Duration.ZERO : asked;
        } catch (RuntimeException e) {
            LOG.warn("{}: a ServerSignal failed, it is not heeded", name(), e);
            return Duration.ZERO;
        }
    }

    /** Tells the admission how a call ended. */
    void ended(Request request, Outcome outcome) {
        try {
            service.admission().ended(request, outcome);
        } catch (RuntimeException e) {
            LOG.warn("{}: the Admission failed at the end of a call", name(), e);
        }
    }

    /** Hands on what the server says of itself. */
    void readReport(Response response, Node node) {
        if (!service.readsReports()) {
            return;
        }
        try {
            service.reports().read(response, node, loadBalancer().nodes().nanoTime());
        } catch (RuntimeException e) { // the reader's, or the LoadBalancer is closed
            LOG.warn("{}: a ServerReport failed, it is not heeded", name(), e);
        }
    }

    // ------------------------------------------------------------------------------------------ warning

    /** Says once that hedging was asked for and cannot be done. */
    void warnOfMissingHedging(Call call, HttpRequestContext context) {
        if (service.retries().hedging().maxHedges() == 0) {
            return;
        }
        boolean possible = call.tag(HedgeRace.class) != null;
        boolean webSocket = call.request().header("Upgrade") != null;
        if (!possible && !webSocket && context.replayable() && hedgingMissed.compareAndSet(false, true)) {
            LOG.warn("{}: only calls made by BalancedClient.callFactory are hedged, this one is not", name());
        }
    }

    /** Says once what a first call over TLS may suffer from. */
    void warnOfMissingServerName(String host) {
        if (!tlsSeen.getPlain() && tlsSeen.compareAndSet(false, true) && host.indexOf('.') < 0) {
            LOG.warn(
                    "{}: a name without a dot is not sent in the TLS handshake (SNI); servers that choose a certificate by"
                            + " name need one, for instance {}.internal",
                    name(),
                    host);
        }
    }
}
