package io.lb4j.okhttp;

import java.io.IOException;
import java.net.Proxy;
import java.net.UnknownHostException;
import okhttp3.CookieJar;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;

/** Makes a call let go of the connection of its last exchange. */
@FunctionalInterface
interface ConnectionRelease {
    /** Does nothing: for tests that show what then goes wrong. */
    ConnectionRelease NONE = chain -> {};

    void release(Chain chain);

    /**
     * Between two exchanges OkHttp keeps the connection with the call, and uses it again if the URL's host and port are the
     * same, whatever the Dns says. Planning a route to another host gives it back to the pool, healthy.
     */
    static ConnectionRelease byForeignRoute() {
        Request foreign = new Request.Builder()
                .url("http://lb4j-connection-release.invalid/")
                .build();
        return chain -> {
            Chain bare = chain.withDns(hostname -> {
                        throw new ReleasedException();
                    })
                    .withProxy(Proxy.NO_PROXY)
                    .withCache(null)
                    .withCookieJar(CookieJar.NO_COOKIES)
                    .withRetryOnConnectionFailure(false);
            try (Response response = bare.proceed(foreign)) {
                throw new IllegalStateException("an interceptor after the load balancer answered for "
                        + response.request().url());
            } catch (IOException expected) {
                // there is nothing at that host; the way to it was the point
            }
        };
    }

    /** Not shared between calls: OkHttp may add suppressed exceptions to it. */
    final class ReleasedException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        ReleasedException() {
            super("released");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
