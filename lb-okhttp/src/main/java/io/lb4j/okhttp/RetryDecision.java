package io.lb4j.okhttp;

/** What happened after an attempt, and why. */
public enum RetryDecision {
    /** The endpoint answered as it should. */
    ANSWERED,
    /** Another endpoint was tried. */
    RETRIED,
    /** The call was cancelled, interrupted or out of time, or an interceptor failed. */
    CANCELED,
    /** The endpoint answered with a redirect to a host that is not this service's, and that host failed. */
    REDIRECTED_ELSEWHERE,
    /** The endpoint could not prove who it is, or does not believe who the client is. */
    UNTRUSTED,
    /** The request may have reached the server, and must not be executed twice. */
    NOT_REPEATABLE,
    /** The request's body may have been consumed, and can be sent only once. */
    BODY_SENT,
    /** The request named its endpoint. */
    OVERRIDDEN,
    /** All tries are used. */
    TRIES_USED,
    /** Too many requests are being retried. */
    BUDGET_EMPTY,
    /** No other endpoint can take the request. */
    NO_OTHER_ENDPOINT,
    /** What is left of the call's timeout cannot hold the wait before another try. */
    OUT_OF_TIME,
    /** Another attempt of the same call, running at the same time, was faster. */
    LOST
}
