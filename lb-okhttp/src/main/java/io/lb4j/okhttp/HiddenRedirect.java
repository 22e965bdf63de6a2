package io.lb4j.okhttp;

import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Hides from OkHttp a redirect that must be balanced: OkHttp would follow it below the load balancer, on the endpoint that it
 * has or through the DNS. {@link Redirects} follows it instead.
 *
 * <p>That is one to another host that is balanced, and each one of a routed request, which may have been changed for its service
 * alone. The rest is OkHttp's.
 */
final class HiddenRedirect implements Interceptor {
    static final String LOCATION = "Location";
    static final String CACHE_CONTROL = "Cache-Control";

    /** What was taken out of a response. */
    record Headers(String location, @Nullable String cacheControl) {
        Response restoredIn(Response response) {
            Response.Builder builder =
                    response.newBuilder().header(LOCATION, location).removeHeader(CACHE_CONTROL);
            return (cacheControl == null ? builder : builder.header(CACHE_CONTROL, cacheControl)).build();
        }
    }

    private final Destinations destinations;

    HiddenRedirect(Destinations destinations) {
        this.destinations = destinations;
    }

    static boolean isRedirect(int status) {
        return switch (status) {
            case 300, 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        if (!isRedirect(response.code()) || !chain.getFollowRedirects()) {
            return response;
        }
        String location = response.header(LOCATION);
        if (location == null || !isOurs(chain, location)) {
            return response;
        }
        CallState.of(chain.call()).hideRedirect(new Headers(location, response.header(CACHE_CONTROL)));
        return response.newBuilder()
                .removeHeader(LOCATION)
                .header(CACHE_CONTROL, "no-store") // without its target it must not get into the cache
                .build();
    }

    private boolean isOurs(Chain chain, String location) {
        Request request = chain.request();
        CallState state = chain.call().tag(CallState.class);
        if (state != null && state.routedUrl() != null) {
            return true;
        }
        HttpUrl target = request.url().resolve(location);
        return target != null && !target.host().equals(request.url().host()) && destinations.areBalanced(target.host());
    }
}
