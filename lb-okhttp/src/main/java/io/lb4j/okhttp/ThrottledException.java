package io.lb4j.okhttp;

/**
 * A call was not made because its service accepts too few of them: what {@link
 * io.lb4j.okhttp.resilience.AdaptiveThrottling} has counted says that it is overloaded. No server was asked.
 */
public final class ThrottledException extends RateLimitedException {
    private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message what was counted
     */
    public ThrottledException(String message) {
        super(message);
    }
}
