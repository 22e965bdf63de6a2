package io.lb4j.okhttp;

import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import okhttp3.Request;

/**
 * When a request that failed on one endpoint is tried on another. Immutable.
 *
 * <p>A request that cannot have reached the server is tried again whatever its method. One that may have reached it is
 * tried again only if it is repeatable, and its body can be sent twice. Each try goes to an endpoint that this call has
 * not tried yet; when there is none, the caller gets the last answer or exception. Certificate failures are not retried.
 */
public final class RetryRule {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY");
    private static final RetryRule STANDARD =
            new RetryRule(3, 0.2, 10, Duration.ofMillis(25), Duration.ofMillis(250), RetryRule::isIdempotent);

    private final int tries;
    private final double budgetRatio;
    private final int budgetPerSecond;
    private final Duration firstBackOff;
    private final Duration longestBackOff;
    private final Predicate<? super Request> repeatable;

    private RetryRule(
            int tries,
            double budgetRatio,
            int budgetPerSecond,
            Duration firstBackOff,
            Duration longestBackOff,
            Predicate<? super Request> repeatable) {
        this.tries = tries;
        this.budgetRatio = budgetRatio;
        this.budgetPerSecond = budgetPerSecond;
        this.firstBackOff = firstBackOff;
        this.longestBackOff = longestBackOff;
        this.repeatable = repeatable;
    }

    /**
     * Returns the rule that is used unless another is set.
     *
     * @return 3 tries in all; retries at most 20 % of the requests and 10 a second on top; back-off 25 to 250 ms with full
     *     jitter, none after a failure to connect; GET, HEAD, OPTIONS, TRACE, PUT, DELETE, QUERY and requests with the
     *     header {@code Idempotency-Key} are repeatable
     */
    public static RetryRule standard() {
        return STANDARD;
    }

    /**
     * Returns the rule that never retries.
     *
     * @return one try
     */
    public static RetryRule none() {
        return STANDARD.withTries(1);
    }

    /**
     * Returns this rule with another number of tries.
     *
     * @param value 1 to 100, the first try included
     * @return a copy
     */
    public RetryRule withTries(int value) {
        int checked = Checks.range("tries", value, 1, 100);
        return new RetryRule(checked, budgetRatio, budgetPerSecond, firstBackOff, longestBackOff, repeatable);
    }

    /**
     * Returns this rule with another limit of retries, counted over 10 s for a whole service.
     *
     * @param ratio retries per request, 0 to 1
     * @param perSecond retries a second that are always allowed, 0 to 1 000 000
     * @return a copy
     */
    public RetryRule withBudget(double ratio, int perSecond) {
        double checkedRatio = Checks.range("budget ratio", ratio, 0, 1);
        int checkedPerSecond = Checks.range("budget per second", perSecond, 0, 1_000_000);
        return new RetryRule(tries, checkedRatio, checkedPerSecond, firstBackOff, longestBackOff, repeatable);
    }

    /**
     * Returns this rule with another back-off: a random time from 0 to {@code first}, doubled for each further retry.
     *
     * @param first zero = no back-off
     * @param longest the limit of the doubling, at least {@code first}
     * @return a copy
     */
    public RetryRule withBackOff(Duration first, Duration longest) {
        Checks.timeout("first back-off", first);
        if (Checks.timeout("longest back-off", longest).compareTo(first) < 0) {
            throw Checks.bad("longest back-off", longest, "at least the first, " + first);
        }
        return new RetryRule(tries, budgetRatio, budgetPerSecond, first, longest, repeatable);
    }

    /**
     * Returns this rule with another idea of what may be executed twice.
     *
     * @param value quick, called by many threads at once; false = never replayed once it may have reached a server, neither
     *     by this library nor by OkHttp
     * @return a copy
     */
    public RetryRule withRepeatable(Predicate<? super Request> value) {
        Checks.notNull("repeatable", value);
        return new RetryRule(tries, budgetRatio, budgetPerSecond, firstBackOff, longestBackOff, value);
    }

    private static boolean isIdempotent(Request request) {
        return IDEMPOTENT.contains(request.method()) || request.header("Idempotency-Key") != null;
    }

    int tries() {
        return tries;
    }

    double budgetRatio() {
        return budgetRatio;
    }

    int budgetPerSecond() {
        return budgetPerSecond;
    }

    boolean isRepeatable(Request request) {
        return repeatable.test(request);
    }

    /**
     * Returns how long to wait before a retry.
     *
     * @param retry 1 for the first
     * @param random 0 to 1, exclusive
     */
    long backOffNanos(int retry, double random) {
        long first = firstBackOff.toNanos();
        long longest = longestBackOff.toNanos();
        int doublings = Math.min(retry - 1, Long.numberOfLeadingZeros(first) - 1);
        return (long) (random * Math.min(longest, first << doublings));
    }
}
