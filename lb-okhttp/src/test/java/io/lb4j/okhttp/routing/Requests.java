package io.lb4j.okhttp.routing;

import io.lb4j.okhttp.CallCookies;
import io.lb4j.okhttp.RoutingDecision;
import java.io.IOException;
import okhttp3.CookieJar;
import okhttp3.Request;

/** Requests without a client, and what a router decides for them. */
final class Requests {
    private Requests() {}

    static Request.Builder to(String path) {
        return new Request.Builder().url("http://shop" + path);
    }

    static boolean matches(Condition condition, Request.Builder request) {
        return matches(Router.builder("shop"), condition, request);
    }

    static boolean matches(Router.Builder builder, Condition condition, Request.Builder request) {
        Router router = builder.rule("it", condition, Actions.to("it"))
                .otherwise(Actions.to("other"))
                .build();
        return service(router, request.build(), 0).equals("it");
    }

    static String service(Router router, Request request, long seed) {
        return forward(router, request, seed).service();
    }

    static RoutingDecision.Forward forward(Router router, Request request, long seed) {
        try {
            CallCookies cookies = CallCookies.of(request, CookieJar.NO_COOKIES);
            return (RoutingDecision.Forward) router.route(request, cookies, seed);
        } catch (IOException e) {
            throw new AssertionError(request.url().toString(), e);
        }
    }
}
