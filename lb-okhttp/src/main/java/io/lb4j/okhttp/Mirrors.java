package io.lb4j.okhttp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.ByteString;

/**
 * Sends copies of requests to services whose answers nobody sees. What is over the limit is left out; nothing waits for a copy,
 * and it changes no cookie, no cache entry and no budget of the caller's. Thread-safe.
 */
final class Mirrors {
    /** Says that a request is a copy, and which rule has made it. */
    static final String HEADER = "X-Mirrored-By";

    private static final long LARGEST_BODY = 1 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int IDLE_SECONDS = 5;

    /** Where a copy goes: a tag of its request. */
    private record Destination(String service) {}

    private final OkHttpClient client;
    private final Semaphore free;

    /**
     * @param base a client that does not balance yet; the copies use its connections
     * @param services the services, for the copies alone
     * @param most how many copies are in flight at once
     */
    Mirrors(OkHttpClient base, Map<String, RunningService> services, ConnectionRelease release, int most) {
        int configured = base.callTimeoutMillis();
        long longest = LONGEST.toMillis();
        this.free = new Semaphore(most);
        OkHttpClient.Builder builder = base.newBuilder()
                .dispatcher(dispatcher(most))
                .cookieJar(new ReadOnlyJar(base.cookieJar()))
                .cache(null)
                .authenticator(Authenticator.NONE)
                .eventListenerFactory(call -> EventListener.NONE)
                .followRedirects(false)
                .retryOnConnectionFailure(false)
                .callTimeout(configured == 0 ? longest : Math.min(configured, longest), TimeUnit.MILLISECONDS);
        builder.interceptors().clear();
        this.client =
                builder.addInterceptor(chain -> sent(services, release, chain)).build();
    }

    /** The caller's own executor might be busy, or keep the process alive. */
    private static Dispatcher dispatcher(int most) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "lb4j-mirror");
                    thread.setDaemon(true);
                    return thread;
                });
        Dispatcher dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(most);
        dispatcher.setMaxRequestsPerHost(most);
        return dispatcher;
    }

    private static Response sent(
            Map<String, RunningService> services, ConnectionRelease release, Interceptor.Chain chain)
            throws IOException {
        Request request = chain.request();
        Destination destination = request.tag(Destination.class);
        RunningService service = destination == null ? null : services.get(destination.service());
        if (service == null) {
            throw new IOException("mirror: " + destination + " (expected: one of " + services.keySet() + ")");
        }
        return new AttemptLoop(service, chain, request, release).run();
    }

    void send(RoutingDecision.Forward forward) {
        if (free.availablePermits() == 0) {
            return; // before the body is copied in vain
        }
        Request original = forward.request();
        RequestBody body = original.body();
        ByteString bytes = body == null ? null : BodyCopy.of(body, LARGEST_BODY);
        if (body != null && bytes == null) {
            return;
        }
        Request.Builder copy = original.newBuilder()
                .method(
                        original.method(),
                        body == null || bytes == null ? null : RequestBody.create(bytes, body.contentType()))
                .header(HEADER, forward.rule())
                .tag(EndpointOverride.class, null);
        for (String name : forward.mirrors()) {
            if (free.tryAcquire()) {
                client.newCall(copy.tag(Destination.class, new Destination(name))
                                .build())
                        .enqueue(new Discarded());
            }
        }
    }

    private final class Discarded implements Callback {
        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                free.release();
            }
        }

        @Override
        public void onFailure(Call call, IOException failure) {
            free.release();
        }
    }

    /** A copy is sent with the caller's cookies, and sets none. */
    private record ReadOnlyJar(CookieJar jar) implements CookieJar {
        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return jar.loadForRequest(url);
        }

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            // for nobody
        }
    }
}
