package io.lb4j.okhttp.sticky;

import io.lb4j.Endpoint;
import io.lb4j.NodeSet;
import io.lb4j.Ticker;
import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.SessionTracking;
import okhttp3.CookieJar;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Requests without a client. */
final class Calls {
    private Calls() {}

    static Request request(String path, @Nullable String cookie) {
        Request.Builder builder = new Request.Builder().url("http://orders" + path);
        if (cookie != null) {
            builder.header("Cookie", cookie);
        }
        return builder.build();
    }

    static @Nullable String session(SessionTracking tracking, Request request) {
        return tracking.session(request, CallCookies.of(request, CookieJar.NO_COOKIES));
    }

    /** Nodes with the ids and routes given. */
    static NodeSet nodes(String... routes) {
        Endpoint[] endpoints = new Endpoint[routes.length];
        for (int i = 0; i < routes.length; i++) {
            endpoints[i] = Endpoint.of("10.0.0." + (i + 1), 80).withRoute(routes[i]);
        }
        return NodeSet.of(Ticker.system(), endpoints);
    }
}
