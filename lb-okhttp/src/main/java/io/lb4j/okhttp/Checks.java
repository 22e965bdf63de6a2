package io.lb4j.okhttp;

import java.time.Duration;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Refuses bad settings with a message that says what to type instead. */
final class Checks {
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    /** What OkHttp takes for one. */
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*|[0-9.]+");

    /** RFC 9110, section 5.1. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private Checks() {}

    static IllegalArgumentException bad(String name, Object value, String expected) {
        Object shown = value instanceof CharSequence text ? '"' + text.toString() + '"' : value;
        return new IllegalArgumentException(name + ": " + shown + " (expected: " + expected + ")");
    }

    /** Like {@link java.util.Objects#requireNonNull}, in the words of the other checks. */
    @SuppressWarnings("ConstantValue") // callers outside NullMarked code may pass null all the same
    static <T> T notNull(String name, T value) {
        if (value == null) {
            throw new NullPointerException(name + ": null (expected: a value)");
        }
        return value;
    }

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(name, value, most == Integer.MAX_VALUE ? ">= " + least : least + " to " + most);
        }
        return value;
    }

    static double range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw bad(name, value, least + " to " + most);
        }
        return value;
    }

    /** A duration that OkHttp can take: 0 to 24 days, in whole milliseconds. */
    static Duration timeout(String name, Duration value) {
        notNull(name, value);
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw bad(name, value, "0 to 24 days");
        }
        return value;
    }

    /** A time for which an endpoint is left alone. */
    static Duration rest(String name, Duration value) {
        if (timeout(name, value).isZero()) {
            throw bad(name, value, "> 0");
        }
        return value;
    }

    static String headerName(String name, String value) {
        if (!TOKEN.matcher(notNull(name, value)).matches()) {
            throw bad(name, value, "the name of a header, for instance \"X-Request-Id\"");
        }
        return value;
    }

    /** A host in the form in which OkHttp shows it, so that looking it up never misses. */
    static String canonicalHost(String name, String value) {
        String canonical = canonical(notNull(name, value));
        if (canonical == null) {
            throw bad(name, value, "a canonical host name, for instance \"orders\" or \"orders.internal\"");
        }
        if (!canonical.equals(value)) {
            throw bad(name, value, "a canonical host name, here \"" + canonical + '"');
        }
        if (IP_ADDRESS.matcher(value).matches()) {
            throw bad(name, value, "a host name; OkHttp looks no address up, so it could not be balanced");
        }
        return value;
    }

    /** A canonical host, or one with {@code *.} before it, which stands for every name below. */
    static String hostOrWildcard(String name, String value) {
        if (notNull(name, value).startsWith("*.")) {
            String ignored = canonicalHost(name, value.substring(2));
            return value;
        }
        return canonicalHost(name, value);
    }

    private static @Nullable String canonical(String host) {
        try {
            return new HttpUrl.Builder().scheme("http").host(host).build().host();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
