package io.lb4j.okhttp;

import io.lb4j.okhttp.RoutingDecision.Answer;
import io.lb4j.okhttp.RoutingDecision.Forward;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests for a service to its endpoints, and those for a router to the service that it chooses; every other request
 * passes through untouched. Thread-safe.
 */
final class LoadBalancingInterceptor implements Interceptor {
    private final Destinations destinations;
    private final ConnectionRelease release;
    private final @Nullable Mirrors mirrors;

    /** Without mirrors no router may ask for one. */
    LoadBalancingInterceptor(Destinations destinations, ConnectionRelease release, @Nullable Mirrors mirrors) {
        this.destinations = destinations;
        this.release = release;
        this.mirrors = mirrors;
    }

    /** Whether any service wants its calls hedged. */
    boolean hedges() {
        return destinations.hedge();
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        CallState before = chain.call().tag(CallState.class);
        if (before != null) {
            before.leave(); // an interceptor above proceeds once more
        }
        Response response = answer(chain, chain.request());
        CallState state = chain.call().tag(CallState.class);
        return state == null || !state.hidesRedirect() ? response : followed(chain, state, response);
    }

    private Response answer(Chain chain, Request request) throws IOException {
        String host = request.url().host();
        RequestRouter router = destinations.router(host);
        if (router != null) {
            return routed(chain, request, router);
        }
        RunningService service = destinations.service(host);
        return service == null ? chain.proceed(request) : new AttemptLoop(service, chain, request, release).run();
    }

    // ------------------------------------------------------------------------------------------ redirects

    private Response followed(Chain chain, CallState state, Response first) throws IOException {
        Request asked = chain.request();
        Response response = first;
        for (HiddenRedirect.Headers hidden = state.takeHiddenRedirect();
                hidden != null;
                hidden = state.takeHiddenRedirect()) {
            Response redirecting = hidden.restoredIn(response);
            HttpUrl sent = state.routedUrl();
            Request base = sent == null ? redirecting.request() : asked;
            asked = Redirects.next(chain, base, sent == null ? base.url() : sent, redirecting);
            if (asked == null) {
                return redirecting;
            }
            redirecting.close();
            Redirects.checkLength(redirecting);
            state.leave();
            response = Redirects.linked(answer(chain, asked), redirecting);
        }
        return response;
    }

    // ------------------------------------------------------------------------------------------ routing

    private Response routed(Chain chain, Request request, RequestRouter router) throws IOException {
        CallState state = CallState.of(chain.call());
        RoutingDecision decision = decide(chain, state, request, router);
        state.leave();
        state.ruled(decision.rule());
        if (decision instanceof Forward forward) {
            return forwarded(chain, state, request, forward);
        }
        Response response = ((Answer) decision).response();
        state.routed(request.url());
        String location = response.header(HiddenRedirect.LOCATION);
        if (location != null && HiddenRedirect.isRedirect(response.code()) && chain.getFollowRedirects()) {
            state.hideRedirect(new HiddenRedirect.Headers(location, response.header(HiddenRedirect.CACHE_CONTROL)));
        }
        return response;
    }

    private static RoutingDecision decide(Chain chain, CallState state, Request request, RequestRouter router)
            throws IOException {
        try {
            return router.route(request, CallCookies.of(request, chain.getCookieJar()), state.seed());
        } catch (RuntimeException e) { // any other exception would end an enqueued call badly
            throw new IOException(router + ": the routing failed, " + e, e);
        }
    }

    private Response forwarded(Chain chain, CallState state, Request request, Forward forward) throws IOException {
        RunningService service = destinations.service(forward.service());
        if (service == null) {
            throw new IOException("rule \"" + forward.rule() + "\": service: \"" + forward.service()
                    + "\" (expected: one that the router has named)");
        }
        boolean hedge = chain.call().tag(HedgeTicket.class) != null; // what it repeats has been mirrored
        if (mirrors != null && !hedge && !forward.mirrors().isEmpty()) {
            mirrors.send(forward);
        }
        Request sent = forward.request();
        state.routed(sent.url());
        boolean sameUrl = sent.url().equals(request.url());
        Response response = new AttemptLoop(service, sameUrl ? chain : chain.withCache(null), sent, release).run();
        return sameUrl
                ? response
                : response.newBuilder()
                        .request(response.request()
                                .newBuilder()
                                .url(request.url())
                                .build())
                        .build();
    }
}
