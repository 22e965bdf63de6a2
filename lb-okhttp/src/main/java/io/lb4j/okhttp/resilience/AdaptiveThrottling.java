package io.lb4j.okhttp.resilience;

import io.lb4j.Outcome;
import io.lb4j.Ticker;
import io.lb4j.okhttp.Admission;
import io.lb4j.okhttp.ThrottledException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import okhttp3.Request;

/**
 * Refuses a part of the calls in the client while the whole service is overloaded, so that the servers do not spend their
 * time on refusing them.
 *
 * <p>A call is refused with the probability {@code max(0, (requests - K * accepts) / (requests + 1))}, over two minutes.
 * Requests are the calls that have ended and those refused here; accepts are those of them whose last attempt was a {@link
 * Outcome#SUCCESS}. Cancelled calls are in neither. A call that is still running is not counted yet, so that a burst of
 * slow calls is not taken for overload. The source: "Handling Overload" in Beyer et al., Site Reliability Engineering, 2016.
 *
 * <pre>{@code
 * Service.of(orders).withAdmission(AdaptiveThrottling.standard()
 *         .withCritical(request -> "critical".equals(request.header("X-Criticality"))))
 * }</pre>
 *
 * <p>One object for each service: it holds the counts. Thread-safe.
 */
public final class AdaptiveThrottling implements Admission {
    private static final double STANDARD_MULTIPLIER = 2;
    private static final Duration STANDARD_WINDOW = Duration.ofMinutes(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final double multiplier;
    private final Duration window;
    private final Predicate<? super Request> critical;
    private final Ticker ticker;
    private final DoubleSupplier random;
    private final SlidingCount requests;
    private final SlidingCount accepts;

    private AdaptiveThrottling(
            double multiplier,
            Duration window,
            Predicate<? super Request> critical,
            Ticker ticker,
            DoubleSupplier random) {
        this.multiplier = multiplier;
        this.window = window;
        this.critical = critical;
        this.ticker = ticker;
        this.random = random;
        this.requests = new SlidingCount(window, ticker);
        this.accepts = new SlidingCount(window, ticker);
    }

    /**
     * Returns throttling as the book has it.
     *
     * @return K = 2, two minutes, no critical requests; with counts of its own
     */
    public static AdaptiveThrottling standard() {
        return standard(Ticker.system(), () -> ThreadLocalRandom.current().nextDouble());
    }

    static AdaptiveThrottling standard(Ticker ticker, DoubleSupplier random) {
        return new AdaptiveThrottling(STANDARD_MULTIPLIER, STANDARD_WINDOW, request -> false, ticker, random);
    }

    /**
     * Returns this with another K: how many requests are let through for each that is accepted.
     *
     * @param value 1 to 100; less wastes less of the servers' time, more notices sooner that they are well again
     * @return a copy with counts of its own
     */
    public AdaptiveThrottling withMultiplier(double value) {
        if (!(value >= 1 && value <= 100)) {
            throw new IllegalArgumentException("multiplier: " + value + " (expected: 1 to 100)");
        }
        return new AdaptiveThrottling(value, window, critical, ticker, random);
    }

    /**
     * Returns this with another window.
     *
     * @param value 1 s to 1 h
     * @return a copy with counts of its own
     */
    public AdaptiveThrottling withWindow(Duration value) {
        Names.notNull("window", value);
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("window: " + value + " (expected: PT1S to PT1H)");
        }
        return new AdaptiveThrottling(multiplier, value, critical, ticker, random);
    }

    /**
     * Returns this with requests that are never refused. They are counted as all others.
     *
     * @param value true = critical; quick, called by many threads at once
     * @return a copy with counts of its own
     */
    public AdaptiveThrottling withCritical(Predicate<? super Request> value) {
        Names.notNull("critical", value);
        return new AdaptiveThrottling(multiplier, window, value, ticker, random);
    }

    /**
     * Returns how many calls have ended or were refused here.
     *
     * @return the count over the window
     */
    public long requests() {
        return requests.get();
    }

    /**
     * Returns how many calls the service has accepted.
     *
     * @return the count over the window
     */
    public long accepts() {
        return accepts.get();
    }

    /**
     * Returns how probable it is that the next call is refused.
     *
     * @return 0 to 1, exclusive
     */
    public double rejectionProbability() {
        long total = requests.get();
        return Math.max(0, (total - multiplier * accepts.get()) / (total + 1));
    }

    @Override
    public long reserve(Request request) throws ThrottledException {
        double probability = rejectionProbability();
        if (probability > 0 && random.getAsDouble() < probability && !critical.test(request)) {
            requests.increment();
            throw new ThrottledException("adaptive throttling: " + request.url().host() + " accepted " + accepts.get()
                    + " of " + requests.get() + " calls within " + window);
        }
        return 0;
    }

    @Override
    public void ended(Request request, Outcome outcome) {
        if (outcome != Outcome.CANCELLED) {
            requests.increment();
        }
        if (outcome == Outcome.SUCCESS) {
            accepts.increment();
        }
    }

    /** Returns the counts. */
    @Override
    public String toString() {
        return "AdaptiveThrottling{requests=" + requests.get() + ", accepts=" + accepts.get() + '}';
    }
}
