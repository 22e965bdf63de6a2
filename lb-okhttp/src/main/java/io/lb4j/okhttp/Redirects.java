package io.lb4j.okhttp;

import java.net.ProtocolException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** Follows redirects that {@link HiddenRedirect} kept from OkHttp, by OkHttp's own rules. */
final class Redirects {
    /** As in OkHttp. */
    private static final int MOST = 20;

    private Redirects() {}

    /**
     * The request that follows a redirect; null if it is not to be followed.
     *
     * @param asked the request that was redirected, with the URL that the caller knows
     * @param sent the URL that the server knows
     */
    static @Nullable Request next(Chain chain, Request asked, HttpUrl sent, Response response) {
        HttpUrl target = target(asked.url(), sent, response.header(HiddenRedirect.LOCATION, ""));
        boolean sameScheme =
                target != null && target.scheme().equals(asked.url().scheme());
        if (target == null || (!sameScheme && !chain.getFollowSslRedirects())) {
            return null;
        }
        Request.Builder next = asked.newBuilder().url(target);
        RequestBody body = asked.body();
        if (turnsIntoGet(asked.method(), response.code())) {
            next.method("GET", null)
                    .removeHeader("Transfer-Encoding")
                    .removeHeader("Content-Length")
                    .removeHeader("Content-Type");
        } else if (body != null && (body.isOneShot() || body.isDuplex())) {
            return null;
        }
        if (!isSameOrigin(asked.url(), target)) {
            next.removeHeader("Authorization").tag(EndpointOverride.class, null); // it names an endpoint of the old one
        }
        return next.build();
    }

    /** What a server knows under the name it was asked by is meant under the one that the caller uses. */
    private static @Nullable HttpUrl target(HttpUrl asked, HttpUrl sent, @Nullable String location) {
        HttpUrl target = location == null || location.isEmpty() ? null : asked.resolve(location);
        return target == null || !isSameOrigin(target, sent)
                ? target
                : target.newBuilder()
                        .scheme(asked.scheme())
                        .host(asked.host())
                        .port(asked.port())
                        .build();
    }

    private static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
        return one.host().equals(other.host())
                && one.port() == other.port()
                && one.scheme().equals(other.scheme());
    }

    private static boolean turnsIntoGet(String method, int status) {
        return switch (method) {
            case "GET", "HEAD", "PROPFIND" -> false;
            case "QUERY" -> status == 303;
            default -> status != 307 && status != 308;
        };
    }

    /** Puts a response behind the one that redirected to it. */
    static Response linked(Response response, Response redirecting) {
        Response prior = redirecting
                .newBuilder()
                .body(ResponseBody.create("", redirecting.body().contentType()))
                .build();
        return behind(response, prior);
    }

    private static Response behind(Response response, Response prior) {
        Response first = response.priorResponse();
        return response.newBuilder()
                .priorResponse(first == null ? prior : behind(first, prior))
                .build();
    }

    /** Fails before one redirect too many is followed. */
    static void checkLength(Response redirecting) throws ProtocolException {
        int followed = 1;
        for (Response prior = redirecting.priorResponse(); prior != null; prior = prior.priorResponse()) {
            followed++;
        }
        if (followed > MOST) {
            throw new ProtocolException("Too many follow-up requests: " + followed);
        }
    }
}
