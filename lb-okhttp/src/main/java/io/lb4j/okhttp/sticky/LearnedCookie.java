package io.lb4j.okhttp.sticky;

import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionAnswer;
import io.lb4j.okhttp.SessionTracking;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A session cookie of the application that does not name its node; the node that sets it is remembered. Thread-safe.
 *
 * <p>As {@code sticky learn} of NGINX. Answers that redirect within the service are learned from as well. A cookie that the
 * server deletes ends the session in the table.
 *
 * <pre>{@code
 * SessionTable table = SessionTable.create();
 * LoadBalancer.builder(...).stickiness(table, SessionFallback.REBIND)
 * Service.of(orders).withSessions(LearnedCookie.of("PHPSESSID", table))
 * }</pre>
 */
public final class LearnedCookie implements SessionTracking {
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]+");

    private final String name;
    private final SessionTable table;

    private LearnedCookie(String name, SessionTable table) {
        this.name = name;
        this.table = table;
    }

    /**
     * Returns the cookie of a name.
     *
     * @param name case-sensitive
     * @param table the stickiness policy of the LoadBalancer
     * @return the cookie
     */
    public static LearnedCookie of(String name, SessionTable table) {
        return new LearnedCookie(Checks.token("name of the cookie", name), Checks.notNull("table", table));
    }

    /** Returns the cookie's value. */
    @Override
    public @Nullable String session(Request request, CallCookies cookies) {
        for (String value : cookies.values(name)) {
            if (!value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    @Override
    public Response answered(SessionAnswer answer) {
        String host = first(answer.response()).request().url().host();
        for (@Nullable Response hop = answer.response(); hop != null; hop = hop.priorResponse()) {
            if (hop.request().url().host().equals(host) && learn(answer, hop)) {
                break; // the last word counts
            }
        }
        return answer.response();
    }

    private static Response first(Response response) {
        Response first = response;
        for (@Nullable Response prior = first.priorResponse(); prior != null; prior = first.priorResponse()) {
            first = prior;
        }
        return first;
    }

    /** Whether the hop said anything about the session. */
    private boolean learn(SessionAnswer answer, Response hop) {
        List<String> headers = setCookies(hop);
        for (int i = headers.size() - 1; i >= 0; i--) {
            String header = headers.get(i);
            int equals = header.indexOf('=');
            if (equals > 0 && header.substring(0, equals).trim().equals(name)) {
                learn(answer, valueOf(header, equals), header, hop);
                return true;
            }
        }
        return false;
    }

    /** Those that the node has sent now; the cache remembers others, perhaps of another node. */
    private static List<String> setCookies(Response hop) {
        Response said = hop.cacheResponse() == null ? hop : hop.networkResponse();
        return said == null ? List.of() : said.headers("Set-Cookie");
    }

    private void learn(SessionAnswer answer, String value, String header, Response hop) {
        String session = answer.session();
        if (value.isEmpty() || isDeleted(header, hop)) {
            if (session != null) {
                table.remove(session);
            }
        } else if (answer.bound() || !value.equals(session)) { // else set once more, on a detour
            table.bind(value, answer.node());
        }
    }

    private static String valueOf(String header, int equals) {
        int end = header.indexOf(';', equals);
        String value =
                header.substring(equals + 1, end < 0 ? header.length() : end).trim();
        int last = value.length() - 1;
        return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"' ? value.substring(1, last) : value;
    }

    /** As RFC 6265 reads it: Max-Age goes before Expires, and of several the last one that can be read counts. */
    private static boolean isDeleted(String header, Response hop) {
        String maxAge =
                attribute(header, "max-age", value -> SECONDS.matcher(value).matches());
        if (maxAge != null) {
            return maxAge.startsWith("-") || maxAge.chars().allMatch(c -> c == '0');
        }
        String expires = attribute(header, "expires", value -> dateOf(value) != null);
        Instant end = expires == null ? null : dateOf(expires);
        return end != null && end.toEpochMilli() <= hop.receivedResponseAtMillis();
    }

    private static @Nullable Instant dateOf(String text) {
        return new Headers.Builder().addUnsafeNonAscii("Expires", text).build().getInstant("Expires");
    }

    /** The last value of the attribute that is valid. */
    private static @Nullable String attribute(String header, String wanted, Predicate<String> valid) {
        String last = null;
        for (int at = header.indexOf(';'); at >= 0; at = header.indexOf(';', at + 1)) {
            int next = header.indexOf(';', at + 1);
            String attribute = header.substring(at + 1, next < 0 ? header.length() : next);
            int equals = attribute.indexOf('=');
            if (equals > 0 && attribute.substring(0, equals).trim().equalsIgnoreCase(wanted)) {
                String value = attribute.substring(equals + 1).trim();
                last = valid.test(value) ? value : last;
            }
        }
        return last;
    }
}
