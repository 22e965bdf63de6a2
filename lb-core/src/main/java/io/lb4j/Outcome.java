package io.lb4j;

/** How one attempt on an endpoint went, as its caller saw it. */
public enum Outcome {
    /** The endpoint answered as it should; its latency is a sample. */
    SUCCESS(false),
    /** The endpoint answered, but wrongly: a gateway error, a broken connection after it was reached. */
    FAILURE(true),
    /** The endpoint said that it has too much to do, for instance 503 with {@code Retry-After}. */
    OVERLOADED(true),
    /** No answer within the caller's time. */
    TIMED_OUT(true),
    /** No connection could be made. */
    UNREACHABLE(true),
    /** A connection was made, but one side could not prove who it is. */
    UNTRUSTED(true),
    /** The caller lost interest; says nothing about the endpoint but that it took at least this long. */
    CANCELLED(false);

    private final boolean failure;

    Outcome(boolean failure) {
        this.failure = failure;
    }

    /**
     * Tells whether this outcome speaks against the endpoint.
     *
     * @return true for every outcome but {@link #SUCCESS} and {@link #CANCELLED}
     */
    public boolean isFailure() {
        return failure;
    }
}
