package io.lb4j.okhttp;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The cookies that go with one call: those of the client's jar for the name of the service, and those of the request's own
 * {@code Cookie} header. Confined to the thread of the call.
 *
 * <p>OkHttp adds those of the jar below all application interceptors, so they are not in the request yet. If there are any, it
 * replaces the header.
 */
public final class CallCookies {
    private final Request request;
    private final CookieJar jar;
    /** Read when first needed. */
    private @Nullable List<Cookie> loaded;

    private CallCookies(Request request, CookieJar jar) {
        this.request = request;
        this.jar = jar;
    }

    /**
     * Returns the cookies of a call.
     *
     * @param request its request
     * @param jar the jar of its client
     * @return the cookies
     */
    public static CallCookies of(Request request, CookieJar jar) {
        return new CallCookies(Checks.notNull("request", request), Checks.notNull("jar", jar));
    }

    /**
     * Returns the values of a cookie: those of the jar, then those of the request's header.
     *
     * @param name the name, case-sensitive
     * @return the values, without quotes around them, not decoded
     */
    public List<String> values(String name) {
        List<String> values = new ArrayList<>(2);
        for (Cookie cookie : loaded()) {
            if (cookie.name().equals(name)) {
                values.add(unquoted(cookie.value()));
            }
        }
        values.addAll(headerValues(name));
        return values;
    }

    /**
     * Returns the values of a cookie that the caller has put into the request's header.
     *
     * @param name the name, case-sensitive
     * @return the values in their order, without quotes around them, not decoded
     */
    public List<String> headerValues(String name) {
        List<String> values = new ArrayList<>(2);
        for (String header : request.headers("Cookie")) {
            for (String pair : header.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).trim().equals(name)) {
                    values.add(unquoted(pair.substring(equals + 1).trim()));
                }
            }
        }
        return values;
    }

    /**
     * Puts a cookie into the client's jar, for the URL with the name of the service; a jar that keeps nothing keeps nothing.
     *
     * @param cookie its domain should be the host of that URL
     */
    public void save(Cookie cookie) {
        jar.saveFromResponse(secure(request.url()), List.of(Checks.notNull("cookie", cookie)));
    }

    private List<Cookie> loaded() {
        List<Cookie> known = loaded;
        if (known == null) {
            known = jar.equals(CookieJar.NO_COOKIES) ? List.of() : jar.loadForRequest(secure(request.url()));
            loaded = known;
        }
        return known;
    }

    /** An endpoint may make the URL https, and only then are its secure cookies found; they are not sent by this. */
    private static HttpUrl secure(HttpUrl url) {
        return url.isHttps() ? url : url.newBuilder().scheme("https").build();
    }

    private static String unquoted(String value) {
        int last = value.length() - 1;
        return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"' ? value.substring(1, last) : value;
    }
}
