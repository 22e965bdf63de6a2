package io.lb4j.okhttp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
    static final String NAME = "Retry-After";
    /** Longer than anybody waits, short enough for an int. */
    static final int LONGEST_SECONDS = 999_999_999;

    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    static boolean isIn(Response response) {
        String value = response.header(NAME);
        return value != null && (isDigits(value) || response.headers().getInstant(NAME) != null);
    }

    /**
     * Returns how long to leave the server alone, zero if the time is over; null if the header is missing or unreadable.
     * A date is compared with the server's own {@code Date}, so that clocks need not agree.
     */
    static @Nullable Duration of(Response response, InstantSource clock) {
        String value = response.header(NAME);
        if (value == null) {
            return null;
        }
        if (isDigits(value)) {
            return Duration.ofSeconds(seconds(value));
        }
        Instant until = response.headers().getInstant(NAME);
        if (until == null) {
            return null;
        }
        Instant sent = response.headers().getInstant("Date");
        Duration left = Duration.between(sent == null ? clock.instant() : sent, until);
        Duration longest = Duration.ofSeconds(LONGEST_SECONDS);
        return left.isNegative() ? Duration.ZERO : left.compareTo(longest) > 0 ? longest : left;
    }

    static boolean isDigits(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Of digits only, however many. */
    static int seconds(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > MOST_DIGITS ? LONGEST_SECONDS : Integer.parseInt(significant);
    }
}
