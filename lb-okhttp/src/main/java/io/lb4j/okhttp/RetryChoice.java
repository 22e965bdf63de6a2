package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.Call;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Decides after an attempt whether there is another one, and what it waits for. Confined to the call's thread. */
final class RetryChoice {
    private static final long NEVER = -1;

    private final RunningService service;
    private final Request request;
    private final Call call;
    private final CallState state;
    private final HttpRequestContext context;
    private final int mostTries;
    /** Whether the call has a place among the retries that are made at the same time. */
    private boolean retrying;

    RetryChoice(
            RunningService service,
            Request request,
            Call call,
            CallState state,
            HttpRequestContext context,
            boolean hedge) {
        this.service = service;
        this.request = request;
        this.call = call;
        this.state = state;
        this.context = context;
        this.mostTries = hedge ? 1 : service.settings().retries().tries();
    }

    /**
     * What comes next.
     *
     * @param pauseNanos how long to wait before
     * @param anywhere whether endpoints that were tried may be tried again
     */
    record Choice(RetryDecision decision, long pauseNanos, boolean anywhere) {
        private static final Choice ANSWERED = new Choice(RetryDecision.ANSWERED, 0, false);

        static Choice of(RetryDecision decision) {
            return decision == RetryDecision.ANSWERED ? ANSWERED : new Choice(decision, 0, false);
        }

        boolean isRetry() {
            return decision == RetryDecision.RETRIED;
        }
    }

    boolean areTriesLeft(int tries) {
        return tries < mostTries;
    }

    Choice after(InFlightAttempt attempt, AttemptResult result, int tries) {
        RetryDecision refusal = refusal(attempt, result);
        if (refusal != null) {
            return Choice.of(refusal);
        } else if (request.tag(EndpointOverride.class) != null) {
            return Choice.of(RetryDecision.OVERRIDDEN);
        } else if (!areTriesLeft(tries)) {
            return Choice.of(RetryDecision.TRIES_USED);
        }
        boolean elsewhere = service.mayHaveOther(context);
        long pause = elsewhere ? backOff(result, tries) : retryAfter(result, tries);
        if (pause == NEVER) {
            return Choice.of(RetryDecision.NO_OTHER_ENDPOINT);
        } else if (pause >= state.remainingNanos()) {
            return Choice.of(RetryDecision.OUT_OF_TIME);
        }
        return tryRetry()
                ? new Choice(RetryDecision.RETRIED, pause, !elsewhere)
                : Choice.of(RetryDecision.BUDGET_EMPTY);
    }

    /** Takes a place among the retries, kept until the call ends, and pays for one. */
    private boolean tryRetry() {
        boolean placed = retrying || service.retriesAtOnce().tryRetry();
        retrying = placed;
        return placed && service.budget().tryWithdraw();
    }

    /** The call has its answer. */
    void end() {
        if (retrying) {
            retrying = false;
            service.retriesAtOnce().retryEnds();
        }
    }

    /** For a retry that is paid for, and has found that the other endpoints take no requests either. */
    Choice whenNoOtherTakesIt(AttemptResult result, int tries) {
        long pause = retryAfter(result, tries);
        if (pause == NEVER) {
            return Choice.of(RetryDecision.NO_OTHER_ENDPOINT);
        }
        return pause >= state.remainingNanos()
                ? Choice.of(RetryDecision.OUT_OF_TIME)
                : new Choice(RetryDecision.RETRIED, pause, true);
    }

    /** Why this result is not retried whatever there is to retry it with; null if it might be. */
    private @Nullable RetryDecision refusal(InFlightAttempt attempt, AttemptResult result) {
        boolean wanted = isWanted(attempt, result);
        if (result.response() != null && !wanted) {
            return RetryDecision.ANSWERED;
        } else if (result.outcome() == Outcome.CANCELLED || call.isCanceled()) {
            return RetryDecision.CANCELED;
        } else if (attempt.isElsewhere()) {
            return RetryDecision.REDIRECTED_ELSEWHERE;
        } else if (!wanted) {
            return RetryDecision.ANSWERED; // an OutcomeRule of the user's says that this failure is none
        } else if (result.outcome() == Outcome.UNTRUSTED) {
            return RetryDecision.UNTRUSTED;
        } else if (!context.isRepeatable() && result.mayBeExecuted()) {
            return RetryDecision.NOT_REPEATABLE;
        } else if (!context.isBodyRepeatable() && result.sent()) {
            return RetryDecision.BODY_SENT;
        }
        return null;
    }

    private boolean isWanted(InFlightAttempt attempt, AttemptResult result) {
        boolean own = attempt.isSent() && !attempt.isElsewhere();
        return result.outcome().isFailure()
                || (own
                        && result.response() != null
                        && service.settings().retries().wantsRetry(result.status()));
    }

    private long backOff(AttemptResult result, int tries) {
        double random = ThreadLocalRandom.current().nextDouble();
        return result.sent() ? service.settings().retries().backOffNanos(tries, random) : 0;
    }

    /** How long to wait as the endpoint has asked; -1 = not at all, because that is not wanted or hedges are running. */
    private long retryAfter(AttemptResult result, int tries) {
        HedgeRace race = call.tag(HedgeRace.class);
        if (result.retryAfter() == null || (race != null && race.isHedged())) {
            return NEVER;
        }
        double random = ThreadLocalRandom.current().nextDouble();
        long asked = service.settings().retries().retryAfterNanos(result.retryAfter(), random);
        return asked < 0 ? NEVER : Math.max(asked, backOff(result, tries));
    }
}
