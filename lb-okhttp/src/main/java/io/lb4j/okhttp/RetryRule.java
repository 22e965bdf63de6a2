package io.lb4j.okhttp;

import java.time.Duration;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import okhttp3.Request;

/**
 * When a request is tried on another endpoint. Immutable.
 *
 * <p>A request that cannot have reached the server is tried again whatever its method. One that may have reached it is
 * tried again only if it is repeatable, and its body can be sent twice. Each try goes to an endpoint that this call has
 * not tried yet; when there is none, the caller gets the last answer or exception. Certificate failures are not retried.
 * No retry is begun if what is left of the call's timeout cannot hold its back-off.
 */
public final class RetryRule {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY");
    private static final RetryRule STANDARD = new RetryRule(
            new Limits(3, 0.2, 10, 0, Integer.MAX_VALUE),
            new Pauses(Duration.ofMillis(25), Duration.ofMillis(250), Duration.ZERO),
            Duration.ZERO,
            status -> false,
            RetryRule::isIdempotent,
            HedgingPolicy.none());

    private final Limits limits;
    private final Pauses pauses;
    private final Duration perTryTimeout;
    private final IntPredicate statuses;
    private final Predicate<? super Request> repeatable;
    private final HedgingPolicy hedging;

    private record Limits(int tries, double budgetRatio, int budgetPerSecond, double ratioAtOnce, int leastAtOnce) {}

    private record Pauses(Duration firstBackOff, Duration longestBackOff, Duration longestRetryAfter) {}

    private RetryRule(
            Limits limits,
            Pauses pauses,
            Duration perTryTimeout,
            IntPredicate statuses,
            Predicate<? super Request> repeatable,
            HedgingPolicy hedging) {
        this.limits = limits;
        this.pauses = pauses;
        this.perTryTimeout = perTryTimeout;
        this.statuses = statuses;
        this.repeatable = repeatable;
        this.hedging = hedging;
    }

    /**
     * Returns the rule that is used unless another is set.
     *
     * @return 3 tries in all; retries at most 20 % of the requests and 10 a second on top; back-off 25 to 250 ms with full
     *     jitter, none after a failure to connect; GET, HEAD, OPTIONS, TRACE, PUT, DELETE, QUERY and requests with the
     *     header {@code Idempotency-Key} are repeatable; no statuses but those that the {@link OutcomeRule} calls failures,
     *     no time per try, no waiting for {@code Retry-After}, no hedging,
     *     no limit of retries at the same time
     */
    public static RetryRule standard() {
        return STANDARD;
    }

    /**
     * Returns the rule that never retries and never hedges.
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
        return with(
                new Limits(checked, limits.budgetRatio, limits.budgetPerSecond, limits.ratioAtOnce, limits.leastAtOnce),
                pauses);
    }

    /**
     * Returns this rule with another limit of retries and hedges, counted together over 10 s for a whole service.
     *
     * @param ratio retries and hedges per request, 0 to 1
     * @param perSecond retries and hedges a second that are always allowed, 0 to 1 000 000
     * @return a copy
     */
    public RetryRule withBudget(double ratio, int perSecond) {
        double checkedRatio = Checks.range("budget ratio", ratio, 0, 1);
        int checkedPerSecond = Checks.range("budget per second", perSecond, 0, 1_000_000);
        return with(
                new Limits(limits.tries, checkedRatio, checkedPerSecond, limits.ratioAtOnce, limits.leastAtOnce),
                pauses);
    }

    /**
     * Returns this rule with a limit of how many calls of a service may be in a retry or a hedge at the same time, besides
     * the budget: Envoy's {@code retry_budget}, whose values are 0.2 and 3. It holds when retries take long.
     *
     * @param ratio of the calls whose answers are awaited, 0 to 1, rounded down
     * @param least always allowed, 0 to 1 000 000; there is no limit by default
     * @return a copy
     */
    public RetryRule withMostAtOnce(double ratio, int least) {
        double checkedRatio = Checks.range("ratio at once", ratio, 0, 1);
        int checkedLeast = Checks.range("least at once", least, 0, 1_000_000);
        return with(
                new Limits(limits.tries, limits.budgetRatio, limits.budgetPerSecond, checkedRatio, checkedLeast),
                pauses);
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
        return with(limits, new Pauses(first, longest, pauses.longestRetryAfter));
    }

    /**
     * Returns this rule with statuses that are retried although they say nothing against the endpoint, as far as the
     * request is repeatable. Those that the {@link OutcomeRule} calls failures are retried anyway.
     *
     * @param ranges statuses from 100 to 599 or ranges of them, for instance {@code "429,500"} or {@code "520-529"};
     *     replaces those set before
     * @return a copy
     */
    public RetryRule withStatuses(String ranges) {
        StatusRanges parsed = StatusRanges.parse(ranges);
        return new RetryRule(limits, pauses, perTryTimeout, parsed::contain, repeatable, hedging);
    }

    /**
     * Returns this rule with a time per try, as long as another endpoint could be tried instead: one that has not begun to
     * answer is given up, which counts as {@link io.lb4j.Outcome#TIMED_OUT}. The last try may take what is left of the
     * call's own timeout.
     *
     * <p>The time is measured as NGINX does it: for connecting, for each part of the request that the endpoint takes, and
     * from there until the head of the answer; on HTTP/1.1 from byte to byte. Other calls on the same HTTP/2 connection do
     * not notice. It ends at the head of the answer: a body is read with the client's own read timeout. Requests that may
     * not be sent twice have no time per try, because giving them up would help nobody.
     *
     * @param value in whole milliseconds; zero, the default, = no time per try. It only ever shortens the client's timeouts
     * @return a copy
     */
    public RetryRule withPerTryTimeout(Duration value) {
        Checks.timeout("perTryTimeout", value);
        return new RetryRule(limits, pauses, value, statuses, repeatable, hedging);
    }

    /**
     * Returns this rule with another limit of waiting for {@code Retry-After}: if a repeatable request gets 429 or 503 with
     * that header, and there is no other endpoint, it waits and tries again where it has been. It counts as a retry.
     *
     * @param longest longer times are not waited for, nor any that the call's own timeout does not leave; up to half of the
     *     time is added at random, so that not all come back at once. Zero, the default, = no waiting
     * @return a copy
     */
    public RetryRule withRetryAfter(Duration longest) {
        Checks.timeout("longest Retry-After", longest);
        return with(limits, new Pauses(pauses.firstBackOff, pauses.longestBackOff, longest));
    }

    /**
     * Returns this rule with hedging: a second try while the first is still running. It needs calls made by {@link
     * BalancedClient#callFactory}.
     *
     * @param value {@link HedgingPolicy#none()} by default
     * @return a copy
     */
    public RetryRule withHedging(HedgingPolicy value) {
        Checks.notNull("hedging", value);
        return new RetryRule(limits, pauses, perTryTimeout, statuses, repeatable, value);
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
        return new RetryRule(limits, pauses, perTryTimeout, statuses, value, hedging);
    }

    private RetryRule with(Limits otherLimits, Pauses otherPauses) {
        return new RetryRule(otherLimits, otherPauses, perTryTimeout, statuses, repeatable, hedging);
    }

    private static boolean isIdempotent(Request request) {
        return IDEMPOTENT.contains(request.method()) || request.header("Idempotency-Key") != null;
    }

    int tries() {
        return limits.tries;
    }

    double budgetRatio() {
        return limits.budgetRatio;
    }

    int budgetPerSecond() {
        return limits.budgetPerSecond;
    }

    double ratioAtOnce() {
        return limits.ratioAtOnce;
    }

    int leastAtOnce() {
        return limits.leastAtOnce;
    }

    /** Whether a status is retried although it is no failure. */
    boolean wantsRetry(int status) {
        return statuses.test(status);
    }

    /** 0 = none. */
    int perTryMillis() {
        return (int) perTryTimeout.toMillis();
    }

    HedgingPolicy hedging() {
        return hedging;
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
        long first = pauses.firstBackOff.toNanos();
        long longest = pauses.longestBackOff.toNanos();
        int doublings = Math.min(retry - 1, Long.numberOfLeadingZeros(first) - 1);
        return (long) (random * Math.min(longest, first << doublings));
    }

    /**
     * Returns how long to wait as a server has asked, with up to half as much again at random; -1 if that is not waited for.
     *
     * @param random 0 to 1, exclusive
     */
    long retryAfterNanos(Duration asked, double random) {
        Duration longest = pauses.longestRetryAfter;
        boolean waits = !longest.isZero() && asked.compareTo(longest) <= 0;
        return waits ? (long) (asked.toNanos() * (1 + random / 2)) : -1;
    }
}
