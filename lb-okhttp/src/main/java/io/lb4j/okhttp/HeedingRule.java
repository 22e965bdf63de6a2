package io.lb4j.okhttp;

import io.lb4j.Outcome;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Response;

/** A rule, and what endpoints ask for besides. */
record HeedingRule(OutcomeRule rule, ServerSignal signal) implements OutcomeRule {
    @Override
    public Outcome ofResponse(Response response) {
        return rule.ofResponse(response);
    }

    @Override
    public Outcome ofFailure(IOException failure) {
        return rule.ofFailure(failure);
    }

    @Override
    public Duration rest(Response response) {
        Duration one = rule.rest(response);
        Duration other = signal.rest(response);
        return one.compareTo(other) >= 0 ? one : other;
    }
}
