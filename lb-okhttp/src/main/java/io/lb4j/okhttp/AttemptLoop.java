package io.lb4j.okhttp;

import io.lb4j.Lease;
import io.lb4j.Outcome;
import io.lb4j.okhttp.RetryChoice.Choice;
import io.lb4j.okhttp.StaleConnectionCheck.StaleConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
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
    private final @Nullable HedgeRace race;
    /** The endpoint of a hedge; null for every other call. */
    private final @Nullable Lease ticket;

    private final RetryChoice choices;
    private int tries;
    /** Of the last attempt. */
    private Outcome outcome = Outcome.CANCELLED;

    /** The request is not that of the chain if a router has changed it, or a redirect has led to it. */
    AttemptLoop(RunningService service, Chain chain, Request request, ConnectionRelease release) throws IOException {
        this.service = service;
        this.request = request;
        this.chain = service.timed(chain, request);
        this.release = release;
        this.state = CallState.of(chain.call());
        this.announced = service.announced(request, state.decisions());
        this.cookies = CallCookies.of(request, chain.getCookieJar());
        this.race = chain.call().tag(HedgeRace.class);
        HedgeTicket given = race == null ? null : chain.call().tag(HedgeTicket.class);
        this.ticket = given == null ? null : given.take(service);
        this.context = given == null || ticket == null ? contextOf(race != null) : given.context();
        this.choices = new RetryChoice(service, request, chain.call(), state, context, ticket != null);
    }

    private HttpRequestContext contextOf(boolean hedged) throws IOException {
        try {
            return new HttpRequestContext(service.settings(), request, cookies, hedged);
        } catch (RuntimeException e) { // a function of the user's; any other exception would end an enqueued call badly
            throw new IOException(service.name() + ": the request has no readable key or session, " + e, e);
        }
    }

    Response run() throws IOException {
        service.warnOfMissingHedging(chain.call(), context);
        if (ticket != null) {
            return attemptsFrom(ticket);
        }
        FirstEndpoint first = new FirstEndpoint(service, request, state, context);
        long wait = first.admit();
        service.retriesAtOnce().callBegins();
        try {
            Lease lease = first.acquireAfter(wait);
            context.tried(lease.node());
            return attemptsFrom(lease);
        } finally {
            choices.end();
            service.retriesAtOnce().callEnds();
            service.ended(request, isLost() ? Outcome.SUCCESS : outcome);
        }
    }

    private Response attemptsFrom(Lease first) throws IOException {
        Lease lease = first;
        while (true) {
            InFlightAttempt attempt = begin(lease);
            AttemptResult result = make(attempt);
            outcome = result.outcome();
            Lease next = next(attempt, result);
            if (next == null) {
                return deliver(attempt, result);
            }
            result.close();
            lease = next;
        }
    }

    /** The endpoint of the next attempt; null if this result is the last. */
    private @Nullable Lease next(InFlightAttempt attempt, AttemptResult result) throws IOException {
        Choice choice = choices.after(attempt, result, tries);
        Lease next = null;
        if (choice.isRetry()) {
            next = acquireOther(attempt, result, choice);
            if (next == null && !choice.anywhere()) {
                choice = choices.whenNoOtherTakesIt(result, tries);
                next = choice.isRetry() ? acquireOther(attempt, result, choice) : null;
            }
        }
        boolean noOther = choice.isRetry() && next == null;
        state.decided(result, noOther ? RetryDecision.NO_OTHER_ENDPOINT : choice.decision());
        return next;
    }

    /** Another endpoint, after the pause; null if none takes the request. */
    private @Nullable Lease acquireOther(InFlightAttempt attempt, AttemptResult result, Choice choice)
            throws IOException {
        try {
            if (choice.pauseNanos() > 0) {
                state.pause(choice.pauseNanos());
            }
            if (choice.anywhere()) {
                context.forgetTried();
            }
            return context.acquireOther(service.loadBalancer());
        } catch (IOException e) {
            outcome = Outcome.CANCELLED;
            result.close();
            attempt.end();
            state.decided(result, RetryDecision.CANCELED);
            throw e;
        } catch (RuntimeException e) { // closed meanwhile, or an algorithm failed: what came of this attempt stands
            return null;
        }
    }

    // ------------------------------------------------------------------------------------------ one attempt

    private InFlightAttempt begin(Lease lease) throws IOException {
        try {
            EndpointRoute route =
                    service.routes().to(lease.node(), request.url().host(), chain);
            if (state.holdsOther(route)) {
                release.release(chain);
            }
            InFlightAttempt attempt = new InFlightAttempt(lease, route);
            state.begin(attempt, service.name());
            tries++;
            if (race != null) {
                race.began(service, request, context);
            }
            return attempt;
        } catch (RuntimeException e) {
            lease.close();
            throw FirstEndpoint.unavailable(service.name(), e);
        }
    }

    private AttemptResult make(InFlightAttempt attempt) throws IOException {
        long start = System.nanoTime();
        try {
            Response response = attempt.route().incoming(proceed(attempt));
            return answered(attempt, HiddenRetryAfter.restored(response, state.takeHiddenRetryAfter()), start);
        } catch (IOException e) {
            return failed(attempt, e, start);
        } catch (Throwable t) {
            if (t instanceof InterruptedException interrupt) { // OkHttp lets it through, undeclared
                return failed(attempt, CallState.interrupted(interrupt), start);
            }
            attempt.end();
            state.decided(AttemptResult.broken(attempt.isSent()), RetryDecision.CANCELED);
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
        Request numbered = service.settings().requestHeaders().numbered(announced, state.attemptNumber());
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
        return choices.areTriesLeft(tries) && service.hasOtherUp(context) ? hurried(attempt, steered) : steered;
    }

    /** With the times that are right as long as another endpoint could be tried instead. */
    private Chain hurried(InFlightAttempt attempt, Chain steered) {
        int connect = service.connectTimeoutMillis();
        int perTry = service.settings().retries().perTryMillis();
        Chain connecting = connect == 0 ? steered : EndpointRoute.connectWithin(connect, steered);
        boolean upgrade = request.header("Upgrade") != null; // a WebSocket has no read timeout that could be restored
        if (perTry == 0 || upgrade || !context.replayable() || service.budget().available() == 0) {
            return connecting;
        }
        attempt.hurry(chain.readTimeoutMillis());
        return EndpointRoute.answerWithin(perTry, connecting);
    }

    private AttemptResult answered(InFlightAttempt attempt, Response response, long start) {
        if (!attempt.isSent()) {
            return AttemptResult.answered(response, Outcome.CANCELLED, null); // from the cache: no endpoint was asked
        }
        Outcome judged = attempt.isElsewhere() ? Outcome.SUCCESS : service.judge(response);
        Duration retryAfter = judged == Outcome.OVERLOADED ? RetryAfter.of(response, InstantSource.system()) : null;
        if (retryAfter != null && !retryAfter.isZero()) {
            attempt.lease().overloaded(retryAfter);
        } else {
            attempt.lease().report(judged);
        }
        if (judged == Outcome.SUCCESS) {
            service.tookNanos(System.nanoTime() - start);
        }
        Response said = saidByServer(response);
        if (said != null && !attempt.isElsewhere()) {
            heed(attempt.lease(), said);
        }
        return AttemptResult.answered(response, judged, retryAfter);
    }

    /** Without what the cache remembers of an earlier answer, perhaps another server's; null if all comes from the cache. */
    private static @Nullable Response saidByServer(Response response) {
        return response.cacheResponse() == null ? response : response.networkResponse();
    }

    private void heed(Lease lease, Response response) {
        service.readReport(response, lease.node());
        Duration asked = service.rest(response);
        if (!asked.isZero()) {
            lease.rest(asked, "it asked to be left alone");
        }
    }

    private AttemptResult failed(InFlightAttempt attempt, IOException failure, long start) {
        boolean lost = isLost();
        Outcome judged = lost ? Outcome.CANCELLED : outcomeOf(attempt, failure, start);
        attempt.lease().report(judged);
        attempt.end();
        if (lost || judged == Outcome.TIMED_OUT) {
            service.tookNanos(System.nanoTime() - start); // at least: without the slow ones the quantiles would sink
        }
        return AttemptResult.failed(failure, judged, attempt.isSent());
    }

    /** Whether a hedge, or what this call is a hedge of, has given a good answer meanwhile. */
    private boolean isLost() {
        return race != null && race.isLostBy(chain.call());
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

    // ------------------------------------------------------------------------------------------ delivering

    private Response deliver(InFlightAttempt attempt, AttemptResult result) throws IOException {
        Response response = tracked(attempt, result.get());
        boolean duplex = request.body() != null && request.body().isDuplex();
        attempt.handOver(state, duplex || response.socket() != null);
        if (chain.call().isCanceled()) {
            attempt.end(); // the cancel may have come too early to be heard
        }
        return response;
    }

    private Response tracked(InFlightAttempt attempt, Response response) {
        if (!attempt.isSent()) {
            return response;
        }
        Response named = attempt.isElsewhere()
                ? response
                : service.named(response, attempt.lease().node());
        if (!service.settings().tracksSessions() || request.tag(EndpointOverride.class) != null) {
            return named;
        }
        String session = context.session();
        Lease lease = attempt.lease();
        boolean bound = outcome == Outcome.SUCCESS && (session == null || lease.bindsSession());
        return service.tracked(new SessionAnswer(request, named, session, lease.node(), bound, cookies));
    }
}
