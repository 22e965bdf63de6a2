package io.lb4j.okhttp.routing;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * The usual conditions: host, path, method, header, cookie, query, client, body, share.
 *
 * <p>Names of headers and hosts match in any case, all else as it is written. If a header, a cookie or a parameter has several values, any
 * of them may match. A regular expression must match the whole value; one that is slow for some input makes calls slow.
 *
 * <p>Paths are compared in one form, whatever their spelling: {@code /%61pi//x;v=1} is {@code /api/x}. See {@link Router}.
 */
public final class Conditions {
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]*");
    private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*");

    private Conditions() {}

    // ------------------------------------------------------------------------------------------ all and nothing

    /**
     * Returns what matches every request.
     *
     * @return the condition
     */
    public static Condition any() {
        return call -> true;
    }

    /**
     * Returns the opposite of a condition.
     *
     * @param condition the condition
     * @return matches if it does not
     */
    public static Condition not(Condition condition) {
        return Checks.notNull("condition", condition).negate();
    }

    // ------------------------------------------------------------------------------------------ host and path

    /**
     * Returns what matches some of the router's hosts.
     *
     * @param hosts host names; {@code *.shop.test} stands for every name below {@code shop.test}
     * @return the condition
     */
    public static Condition host(String... hosts) {
        List<String> wanted = Checks.each("host", hosts);
        wanted.forEach(host -> Hosts.pattern("host", host));
        return call -> {
            String host = call.request().url().host();
            for (String each : wanted) {
                if (Hosts.matches(each, host)) {
                    return true;
                }
            }
            return false;
        };
    }

    /**
     * Returns what matches one path.
     *
     * @param path for instance {@code /health}; a slash at the end counts
     * @return the condition
     */
    public static Condition path(String path) {
        String wanted = RequestPath.literal("path", path);
        return call -> call.path().equals(wanted);
    }

    /**
     * Returns what matches a path and all below it, segment by segment.
     *
     * @param prefix {@code /api} matches {@code /api}, {@code /api/} and {@code /api/x}, not {@code /apix}; a slash at the end
     *     makes no difference
     * @return the condition
     */
    public static Condition pathPrefix(String prefix) {
        PathPrefix wanted = PathPrefix.of("path prefix", prefix);
        return call -> wanted.matches(call.path());
    }

    /**
     * Returns what matches paths of a pattern.
     *
     * @param glob <code>*</code> stands for any characters of one segment, <code>**</code> for any segments, also none:
     *     <code>/static/**</code>, <code>/**&#47;*.png</code>
     * @return the condition
     */
    public static Condition pathGlob(String glob) {
        PathGlob wanted = PathGlob.of(glob);
        return call -> wanted.matches(call.path());
    }

    /**
     * Returns what matches paths with variables in them.
     *
     * @param template <code>{id}</code> stands for one segment that is not empty, <code>{id:[0-9]+}</code> for one of a form,
     *     <code>{*rest}</code> at the end for all segments left, also none: <code>/users/{id}</code>
     * @return the condition
     */
    public static Condition pathTemplate(String template) {
        PathTemplate wanted = PathTemplate.of("path template", template);
        return call -> wanted.matches(call.path());
    }

    /**
     * Returns what matches paths that a regular expression describes.
     *
     * @param regex for the whole path
     * @return the condition
     */
    public static Condition pathRegex(String regex) {
        Pattern wanted = Checks.regex("path regex", regex);
        return call -> wanted.matcher(call.path()).matches();
    }

    // ------------------------------------------------------------------------------------------ method, header,
    // cookie, query

    /**
     * Returns what matches some methods.
     *
     * @param methods for instance {@code GET}
     * @return the condition
     */
    public static Condition method(String... methods) {
        List<String> wanted = Checks.each("method", methods);
        for (String method : wanted) {
            if (!METHOD.matcher(method).matches()) {
                throw Checks.bad("method", method, "in capitals, for instance \"GET\"");
            }
        }
        return call -> wanted.contains(call.request().method());
    }

    /**
     * Returns what matches requests with a header. The {@code Content-Type} is that of the body, if there is one. Headers that OkHttp adds
     * later are not seen: {@code Host}, {@code User-Agent}, {@code Accept-Encoding}, cookies of the jar.
     *
     * @param name the name
     * @return the condition
     */
    public static Condition header(String name) {
        return header(name, value -> true);
    }

    /**
     * Returns what matches requests with a header of some value.
     *
     * @param name the name; see {@link #header(String)}
     * @param value the value
     * @return the condition
     */
    public static Condition header(String name, String value) {
        Checks.notNull("value of the header", value);
        return header(name, value::equals);
    }

    /**
     * Returns what matches requests with a header whose value a regular expression describes.
     *
     * @param name the name; see {@link #header(String)}
     * @param regex for the whole value
     * @return the condition
     */
    public static Condition headerRegex(String name, String regex) {
        return header(name, Checks.regex("regex of the header", regex).asMatchPredicate());
    }

    private static Condition header(String name, Predicate<String> wanted) {
        String checked = Checks.token("name of the header", name);
        if (checked.equalsIgnoreCase("Content-Type")) {
            return call -> anyHeader(call, checked, wanted) || isContentType(call, wanted);
        }
        return call -> anyHeader(call, checked, wanted);
    }

    private static boolean anyHeader(RoutingContext call, String name, Predicate<String> wanted) {
        Headers headers = call.request().headers();
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name) && wanted.test(headers.value(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isContentType(RoutingContext call, Predicate<String> wanted) {
        RequestBody body = call.request().body();
        MediaType type = body == null ? null : body.contentType();
        return type != null && wanted.test(type.toString());
    }

    /**
     * Returns what matches requests with a cookie, of the client's jar or of the request's header.
     *
     * @param name the name
     * @return the condition
     */
    public static Condition cookie(String name) {
        return cookie(name, value -> true);
    }

    /**
     * Returns what matches requests with a cookie of some value.
     *
     * @param name the name
     * @param value the value, without quotes around it, not decoded
     * @return the condition
     */
    public static Condition cookie(String name, String value) {
        Checks.notNull("value of the cookie", value);
        return cookie(name, value::equals);
    }

    /**
     * Returns what matches requests with a cookie whose value a regular expression describes.
     *
     * @param name the name
     * @param regex for the whole value
     * @return the condition
     */
    public static Condition cookieRegex(String name, String regex) {
        return cookie(name, Checks.regex("regex of the cookie", regex).asMatchPredicate());
    }

    private static Condition cookie(String name, Predicate<String> wanted) {
        String checked = Checks.token("name of the cookie", name);
        return call -> call.cookies().values(checked).stream().anyMatch(wanted);
    }

    /**
     * Returns what matches requests with a query parameter, also one without a value.
     *
     * @param name the name, decoded
     * @return the condition
     */
    public static Condition query(String name) {
        return query(name, value -> true);
    }

    /**
     * Returns what matches requests with a query parameter of some value.
     *
     * @param name the name, decoded
     * @param value the value, decoded; that of a parameter without one is empty
     * @return the condition
     */
    public static Condition query(String name, String value) {
        Checks.notNull("value of the parameter", value);
        return query(name, value::equals);
    }

    /**
     * Returns what matches requests with a query parameter whose value a regular expression describes.
     *
     * @param name the name, decoded
     * @param regex for the whole value, decoded
     * @return the condition
     */
    public static Condition queryRegex(String name, String regex) {
        return query(name, Checks.regex("regex of the parameter", regex).asMatchPredicate());
    }

    private static Condition query(String name, Predicate<String> wanted) {
        String checked = Checks.notBlank("name of the parameter", name);
        return call -> {
            HttpUrl url = call.request().url();
            for (int i = 0; i < url.querySize(); i++) {
                String value = url.queryParameterValue(i);
                if (url.queryParameterName(i).equals(checked) && wanted.test(value == null ? "" : value)) {
                    return true;
                }
            }
            return false;
        };
    }

    // ------------------------------------------------------------------------------------------ client, body, share

    /**
     * Returns what matches requests made on behalf of clients in some networks; if the address is not known, it does not match.
     *
     * @param networks {@code 10.0.0.0/8}, {@code 2001:db8::/32}, {@code 192.0.2.7}; see {@link Router.Builder#clientAddress}
     * @return the condition
     */
    public static Condition clientIn(String... networks) {
        List<Cidr> wanted =
                Checks.each("network", networks).stream().map(Cidr::of).toList();
        return call -> {
            byte[] client = call.client();
            for (Cidr network : wanted) {
                if (network.contains(client)) {
                    return true;
                }
            }
            return false;
        };
    }

    /**
     * Returns what matches requests whose body contains what a regular expression describes; see {@link Router.Builder#maxBodyBytes}.
     *
     * @param regex for some part of the body
     * @return the condition
     */
    public static Condition bodyContains(String regex) {
        Pattern wanted = Checks.regex("regex of the body", regex);
        return call -> {
            String text = call.body().text();
            return text != null && wanted.matcher(text).find();
        };
    }

    /**
     * Returns what matches requests with a value in their JSON body; see {@link Router.Builder#maxBodyBytes}.
     *
     * @param pointer a JSON Pointer (RFC 6901), for instance {@code /customer/tier}
     * @param value a string as it is, a number, {@code true}, {@code false} or {@code null} as it is spelled
     * @return the condition
     */
    public static Condition jsonBody(String pointer, String value) {
        Checks.notNull("value", value);
        if (!POINTER.matcher(Checks.notNull("JSON Pointer", pointer)).matches()) {
            throw Checks.bad("JSON Pointer", pointer, "for instance \"/customer/tier\"");
        }
        return call -> value.equals(call.body().json(pointer));
    }

    /**
     * Returns what matches a share of the calls, by chance.
     *
     * @param share 0 to 1. Each rule draws once per call
     * @return the condition
     */
    public static Condition fraction(double share) {
        return fraction(share, call -> null);
    }

    /**
     * Returns what matches a share of the keys: always the same ones, in every process. A larger share takes in more, and leaves none
     * out.
     *
     * @param share 0 to 1
     * @param key for instance {@link Keys#cookie}; a request without a key matches by chance
     * @return the condition
     */
    public static Condition fraction(double share, Function<RoutingContext, @Nullable String> key) {
        Checks.share("share", share);
        Checks.notNull("key", key);
        return call -> call.isAmong(share, key.apply(call));
    }
}
