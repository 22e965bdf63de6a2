package io.lb4j.okhttp;

import io.lb4j.Lease;
import io.lb4j.NoEndpointAvailableException;
import io.lb4j.NoEndpointAvailableException.Reason;
import io.lb4j.Node;
import io.lb4j.Outcome;
import io.lb4j.okhttp.StaleConnectionCheck.StaleConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One passage of a call through the interceptor: attempts on one endpoint after another. Confined to its thread. */
final class AttemptLoop {
    private final RunningService service;
    private final Chain chain;
    private final ConnectionRelease release;
    private final Request request;
    /** With the headers that all attempts have. */
    private final Request announced;

    private final CallState state;
    private final CallCookies cookies;
    private final HttpRequestContext context;

    AttemptLoop(RunningService service, Chain chain, ConnectionRelease release) throws IOException {
        this.service = service;
        this.request = chain.request();
        this.chain = service.timed(chain, request);
        this.announced = service.announced(request);
        this.release = release;
        this.state = CallState.of(chain.call());
        this.cookies = CallCookies.of(request, chain.getCookieJar());
        try {
            this.context = new HttpRequestContext(service.settings(), request, cookies);
        } catch (RuntimeException e) { // a function of the user's; any other exception would end an enqueued call badly
            throw new IOException(service.name() + ": the request has no readable key or session, " + e, e);
        }
    }

    Response run() throws IOException {
        admit();
        service.budget().deposit();
        Lease lease = acquire();
        while (true) {
            InFlightAttempt attempt = begin(lease);
            AttemptResult result = make(attempt);
            RetryDecision decision = decide(attempt, result);
            Lease next = decision == RetryDecision.RETRIED ? acquireOther(attempt, result) : null;
            boolean noOther = decision == RetryDecision.RETRIED && next == null;
            state.decisions().ended(result, noOther ? RetryDecision.NO_OTHER_ENDPOINT : decision);
            if (next == null) {
                return deliver(attempt, result);
            }
            result.close();
            lease = next;
        }
    }

    // ------------------------------------------------------------------------------------------ acquiring

    private void admit() throws IOException {
        long nanos;
        try {
            nanos = service.settings().admission().reserve(request);
        } catch (RuntimeException e) {
            throw new IOException(service.name() + ": the admission failed, " + e, e);
        }
        if (nanos > 0) {
            state.pause(nanos);
        }
    }

    /** The first endpoint: waits in the queue, or for the first list of endpoints. */
    private Lease acquire() throws IOException {
        EndpointOverride override = request.tag(EndpointOverride.class);
        return override == null ? acquireChosen() : acquireNamed(override);
    }

    private Lease acquireNamed(EndpointOverride override) throws IOException {
        try {
            return override.acquire(service.loadBalancer());
        } catch (RuntimeException e) {
            throw unavailable(e);
        }
    }

    private Lease acquireChosen() throws IOException {
        CompletableFuture<Lease> future = service.loadBalancer().acquireAsync(context);
        try {
            if (!future.isDone()) {
                state.await(future);
            }
        } catch (IOException e) {
            if (!future.cancel(false) && !future.isCompletedExceptionally()) {
                future.join().close();
            }
            throw e;
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            throw unavailable(e.getCause() == null ? e : e.getCause());
        }
    }

    private IOException unavailable(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        String message = said.startsWith(service.name()) ? said : service.name() + ": " + cause;
        return cause instanceof NoEndpointAvailableException none && none.reason() == Reason.RATE_LIMITED
                ? new RateLimitedException(message, cause)
                : new IOException(message, cause);
    }

    /** Another endpoint, after the back-off; null if none takes the request. */
    private @Nullable Lease acquireOther(InFlightAttempt attempt, AttemptResult result) throws IOException {
        try {
            if (result.sent()) {
                double random = ThreadLocalRandom.current().nextDouble();
                state.pause(service.settings().retries().backOffNanos(context.tries(), random));
            }
            return service.loadBalancer().tryAcquire(context);
        } catch (IOException e) {
            result.close();
            attempt.end();
            state.decisions().ended(result, RetryDecision.CANCELED);
            throw e;
        } catch (RuntimeException e) { // closed meanwhile, or an algorithm failed: what came of this attempt stands
            return null;
        }
    }

    // ------------------------------------------------------------------------------------------ one attempt

    private InFlightAttempt begin(Lease lease) throws IOException {
        try {
            Node node = lease.node();
            EndpointRoute route = service.routes().to(node, chain);
            if (state.holdsOther(route)) {
                release.release(chain);
            }
            InFlightAttempt attempt = new InFlightAttempt(lease, route);
            state.begin(attempt);
            state.decisions().began(service.name(), lease.endpoint());
            context.tried(node);
            return attempt;
        } catch (RuntimeException e) {
            lease.close();
            throw unavailable(e);
        }
    }

    private AttemptResult make(InFlightAttempt attempt) throws IOException {
        long start = System.nanoTime();
        try {
            Response response = attempt.route().incoming(proceed(attempt));
            return answered(attempt, HiddenRetryAfter.restored(response, state.takeHiddenRetryAfter()));
        } catch (IOException e) {
            return failed(attempt, e, start);
        } catch (Throwable t) {
            if (t instanceof InterruptedException interrupt) { // OkHttp lets it through, undeclared
                return failed(attempt, CallState.interrupted(interrupt), start);
            }
            attempt.end();
            state.decisions().ended(AttemptResult.broken(attempt.isSent()), RetryDecision.CANCELED);
            throw t;
        }
    }

    private Response proceed(InFlightAttempt attempt) throws IOException {
        Request outgoing = outgoing(attempt);
        Chain steered = steered(attempt);
        while (true) {
            try {
                return steered.proceed(outgoing);
            } catch (StaleConnectionException e) {
                // that connection is gone from the pool; one that is new is never stale
            }
        }
    }

    private Request outgoing(InFlightAttempt attempt) throws IOException {
        Request numbered = service.settings().requestHeaders().numbered(announced, context.tries());
        Request outgoing = attempt.route().outgoing(numbered);
        if (outgoing.url().isHttps()) {
            service.warnOfMissingServerName(outgoing.url().host());
        }
        return outgoing;
    }

    private Chain steered(InFlightAttempt attempt) {
        Chain steered = attempt.route().apply(chain);
        if (!context.isRepeatable()) {
            steered = steered.withRetryOnConnectionFailure(false); // OkHttp would repeat a POST on a broken connection
        }
        int millis = service.connectTimeoutMillis();
        boolean triesLeft = context.tries() < service.settings().retries().tries();
        return millis > 0 && triesLeft && service.hasOtherUp(context)
                ? EndpointRoute.connectWithin(millis, steered)
                : steered;
    }

    private AttemptResult answered(InFlightAttempt attempt, Response response) {
        if (!attempt.isSent()) {
            return AttemptResult.answered(response, Outcome.CANCELLED); // from the cache: no endpoint was asked
        }
        Outcome outcome = attempt.isElsewhere() ? Outcome.SUCCESS : service.judge(response);
        Duration retryAfter = outcome == Outcome.OVERLOADED ? RetryAfter.of(response, InstantSource.system()) : null;
        if (retryAfter != null && !retryAfter.isZero()) {
            attempt.lease().overloaded(retryAfter);
        } else {
            attempt.lease().report(outcome);
        }
        if (!attempt.isElsewhere()) {
            heed(attempt.lease(), response);
        }
        return AttemptResult.answered(response, outcome);
    }

    private void heed(Lease lease, Response response) {
        service.readReport(response, lease.node());
        Duration asked = service.rest(response);
        if (!asked.isZero()) {
            lease.rest(asked, "it asked to be left alone");
        }
    }

    private AttemptResult failed(InFlightAttempt attempt, IOException failure, long start) {
        Outcome outcome = outcomeOf(attempt, failure, start);
        attempt.lease().report(outcome);
        attempt.end();
        return AttemptResult.failed(failure, outcome, attempt.isSent());
    }

    private Outcome outcomeOf(InFlightAttempt attempt, IOException failure, long start) {
        if (failure instanceof MisroutedException) {
            return Outcome.CANCELLED;
        } else if (chain.call().isCanceled()) {
            return state.isTimedOut(start) ? service.judge(timedOut(failure)) : Outcome.CANCELLED;
        }
        return attempt.isElsewhere() ? Outcome.SUCCESS : service.judge(attempt.isSent() ? failure : unsent(failure));
    }

    /** A connection that broke in the TLS handshake never was one. */
    private static IOException unsent(IOException failure) {
        return failure.getClass() == SocketException.class
                ? caused(new ConnectException("broken off before the request was sent"), failure)
                : failure;
    }

    private static IOException timedOut(IOException failure) {
        return caused(new SocketTimeoutException("call timed out"), failure);
    }

    private static IOException caused(IOException failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }

    // ------------------------------------------------------------------------------------------ deciding

    private RetryDecision decide(InFlightAttempt attempt, AttemptResult result) {
        if (result.response() != null && !result.outcome().isFailure()) {
            return RetryDecision.ANSWERED;
        } else if (result.outcome() == Outcome.CANCELLED || chain.call().isCanceled()) {
            return RetryDecision.CANCELED;
        } else if (attempt.isElsewhere()) {
            return RetryDecision.REDIRECTED_ELSEWHERE;
        } else if (!result.outcome().isFailure()) {
            return RetryDecision.ANSWERED; // an OutcomeRule of the user's says that this failure is none
        } else if (result.outcome() == Outcome.UNTRUSTED) {
            return RetryDecision.UNTRUSTED;
        } else if (!context.isRepeatable() && result.mayBeExecuted()) {
            return RetryDecision.NOT_REPEATABLE;
        } else if (!context.isBodyRepeatable() && result.sent()) {
            return RetryDecision.BODY_SENT;
        }
        return canAfford();
    }

    private RetryDecision canAfford() {
        if (request.tag(EndpointOverride.class) != null) {
            return RetryDecision.OVERRIDDEN;
        } else if (context.tries() >= service.settings().retries().tries()) {
            return RetryDecision.TRIES_USED;
        } else if (!service.mayHaveOther(context)) {
            return RetryDecision.NO_OTHER_ENDPOINT;
        }
        return service.budget().tryWithdraw() ? RetryDecision.RETRIED : RetryDecision.BUDGET_EMPTY;
    }

    // ------------------------------------------------------------------------------------------ delivering

    private Response deliver(InFlightAttempt attempt, AttemptResult result) throws IOException {
        Response response = tracked(attempt, result.get(), result.outcome());
        boolean duplex = request.body() != null && request.body().isDuplex();
        attempt.handOver(state, duplex || response.socket() != null);
        if (chain.call().isCanceled()) {
            attempt.end(); // the cancel may have come too early to be heard
        }
        return response;
    }

    private Response tracked(InFlightAttempt attempt, Response response, Outcome outcome) {
        if (!attempt.isSent()) {
            return response;
        }
        Response named = attempt.isElsewhere()
                ? response
                : service.named(response, attempt.lease().node());
        if (request.tag(EndpointOverride.class) != null) {
            return named;
        }
        String session = context.session();
        Lease lease = attempt.lease();
        boolean bound = outcome == Outcome.SUCCESS && (session == null || lease.bindsSession());
        return service.tracked(new SessionAnswer(request, named, session, lease.node(), bound, cookies));
    }
}
