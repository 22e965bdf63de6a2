package io.lb4j.okhttp;

import java.time.Duration;

/**
 * When a call that has no answer yet is sent to a second endpoint as well. Immutable.
 *
 * <p>Only calls that are repeatable, have no session and name no endpoint are hedged; each hedge goes to an endpoint that
 * the call has not tried and is paid from the budget of the retries. The first good answer wins; the other attempts are
 * cancelled, and count for their endpoints as waits of at least that long. The source: Dean and Barroso, "The Tail at
 * Scale", CACM 56(2), 2013.
 *
 * <pre>{@code
 * Service orders = Service.of(loadBalancer)
 *         .withRetries(RetryRule.standard().withHedging(HedgingPolicy.afterPercentile(0.95)));
 * Call.Factory calls = BalancedClient.callFactory(BalancedClient.wrap(client).service(orders).build());
 * }</pre>
 */
public final class HedgingPolicy {
    private static final HedgingPolicy NONE = new HedgingPolicy(0, Duration.ZERO, Duration.ZERO, 0);

    /** 0 = always the least delay. */
    private final double percentile;

    private final Duration least;
    private final Duration most;
    private final int maxHedges;

    private HedgingPolicy(double percentile, Duration least, Duration most, int maxHedges) {
        this.percentile = percentile;
        this.least = least;
        this.most = most;
        this.maxHedges = maxHedges;
    }

    /**
     * Returns the policy that never hedges.
     *
     * @return the policy that is used unless another is set
     */
    public static HedgingPolicy none() {
        return NONE;
    }

    /**
     * Returns a policy that hedges after a fixed time.
     *
     * @param delay from the beginning of an attempt, more than 0; best what 95 % of the answers take
     * @return the policy, with one hedge per call
     */
    public static HedgingPolicy after(Duration delay) {
        positive("delay", delay);
        return new HedgingPolicy(0, delay, delay, 1);
    }

    /**
     * Returns a policy that hedges when an attempt takes longer than most of the service's attempts did in the last 30 to
     * 60 s. Until there were 100 of them, it does not hedge.
     *
     * @param percentile 0.5 to 0.999; 0.95 means that about 5 % of the calls are hedged
     * @return the policy, with one hedge per call, after 1 ms at the earliest and 10 s at the latest
     */
    public static HedgingPolicy afterPercentile(double percentile) {
        Checks.range("percentile", percentile, 0.5, 0.999);
        return new HedgingPolicy(percentile, Duration.ofMillis(1), Duration.ofSeconds(10), 1);
    }

    /**
     * Returns this policy with other bounds of a measured delay; a fixed delay is not changed.
     *
     * @param earliest more than 0
     * @param latest at least {@code earliest}
     * @return a copy
     */
    public HedgingPolicy withBounds(Duration earliest, Duration latest) {
        positive("earliest", earliest);
        if (Checks.timeout("latest", latest).compareTo(earliest) < 0) {
            throw Checks.bad("latest", latest, "at least the earliest, " + earliest);
        }
        return percentile == 0 ? this : new HedgingPolicy(percentile, earliest, latest, maxHedges);
    }

    /**
     * Returns this policy with another number of hedges.
     *
     * @param value 1 to 10 for each call, each one a delay after the one before
     * @return a copy
     */
    public HedgingPolicy withMaxHedges(int value) {
        int checked = Checks.range("maxHedges", value, 1, 10);
        return maxHedges == 0 ? this : new HedgingPolicy(percentile, least, most, checked);
    }

    private static void positive(String name, Duration value) {
        if (Checks.timeout(name, value).isZero()) {
            throw Checks.bad(name, value, "> 0");
        }
    }

    int maxHedges() {
        return maxHedges;
    }

    boolean isMeasured() {
        return percentile > 0;
    }

    /** How long to wait for an answer before hedging; 0 = there is no hedge. */
    long delayNanos(RecentLatencies latencies) {
        if (!isMeasured()) {
            return least.toNanos();
        }
        long measured = latencies.quantile(percentile);
        return measured == 0 ? 0 : Math.max(least.toNanos(), Math.min(most.toNanos(), measured));
    }
}
