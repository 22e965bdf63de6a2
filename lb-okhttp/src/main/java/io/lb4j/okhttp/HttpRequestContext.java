package io.lb4j.okhttp;

import io.lb4j.HashKey;
import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Node;
import io.lb4j.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** What the choice of an endpoint may depend on for one call, and for the hedges that share it. Thread-safe. */
final class HttpRequestContext implements RequestContext {
    private final @Nullable CharSequence key;
    private final long hashKey;
    private final @Nullable String session;
    private final boolean repeatable;
    private final boolean bodyRepeatable;
    /** Null for a call without hedges, which one thread makes. */
    private final @Nullable ReentrantLock acquiring;
    /** Immutable; replaced by those who make the attempts, guarded by the lock. */
    private volatile List<Node> tried = List.of();

    HttpRequestContext(Service service, Request request, CallCookies cookies, boolean hedged) {
        RequestBody body = request.body();
        key = service.key(request);
        hashKey = key == null ? 0 : HashKey.of(key);
        session = service.sessions().session(request, cookies);
        repeatable = service.retries().isRepeatable(request);
        bodyRepeatable = body == null || !(body.isOneShot() || body.isDuplex());
        acquiring = hedged ? new ReentrantLock() : null;
    }

    /** Whether the server may execute the request twice. */
    boolean isRepeatable() {
        return repeatable;
    }

    /** Whether the request's body can be sent twice. */
    boolean isBodyRepeatable() {
        return bodyRepeatable;
    }

    void tried(Node node) {
        lock();
        try {
            tried = tried.isEmpty() ? List.of(node) : longer(tried, node);
        } finally {
            unlock();
        }
    }

    private static List<Node> longer(List<Node> nodes, Node node) {
        List<Node> longer = new ArrayList<>(nodes);
        longer.add(node);
        return List.copyOf(longer);
    }

    private void lock() {
        if (acquiring != null) {
            acquiring.lock();
        }
    }

    private void unlock() {
        if (acquiring != null) {
            acquiring.unlock();
        }
    }

    /** Takes an endpoint that has not been tried, not even by a hedge at this very moment; null if there is none. */
    @Nullable
    Lease acquireOther(LoadBalancer loadBalancer) {
        lock();
        try {
            Lease lease = loadBalancer.tryAcquire(this);
            if (lease != null) {
                tried(lease.node());
            }
            return lease;
        } finally {
            unlock();
        }
    }

    /** All endpoints may be tried again. */
    void forgetTried() {
        lock();
        try {
            tried = List.of();
        } finally {
            unlock();
        }
    }

    @Override
    public @Nullable CharSequence key() {
        return key;
    }

    @Override
    public long hashKey() {
        return hashKey;
    }

    @Override
    public @Nullable String session() {
        return session;
    }

    @Override
    public boolean hasExclusions() {
        return !tried.isEmpty();
    }

    @Override
    public boolean excludes(Node node) {
        return tried.contains(node);
    }

    @Override
    public boolean replayable() {
        return repeatable && bodyRepeatable;
    }
}
