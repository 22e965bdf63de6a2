package io.lb4j.okhttp;

import io.lb4j.Lease;
import io.lb4j.Outcome;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call, from its lease to the end of the response body.
 *
 * <p>Events come from the call's thread, the reader's, the writer's and whoever cancels; the lease makes each end count
 * once.
 */
final class InFlightAttempt {
    private static final Cleaner CLEANER = Cleaner.create(work -> {
        Thread thread = new Thread(work, "lb4j-abandoned-bodies");
        thread.setDaemon(true);
        return thread;
    });

    private final Lease lease;
    private final EndpointRoute route;

    /** Confined to the thread that makes the call; less than 0 if the attempt has no time of its own. */
    private int patientReadTimeoutMillis = -1;

    /** Set when the first request headers are about to be written. */
    private volatile boolean sent;
    /** Whether an exchange with a server has begun and its response body has not ended. */
    private volatile boolean open;
    /** Set when OkHttp follows a redirect to another host. */
    private volatile boolean elsewhere;
    /** Set when the response has been given to the caller. */
    private volatile boolean handedOver;
    /** Set when the slot has been given back. */
    private volatile boolean ended;
    /** Set, before {@link #handedOver}, if the attempt outlives its response body: a WebSocket, a duplex call. */
    private volatile boolean lasting;
    /** Ends the attempt if the caller forgets the body; written once, before the body is read. */
    private volatile Cleaner.@Nullable Cleanable cleanable;

    InFlightAttempt(Lease lease, EndpointRoute route) {
        this.lease = lease;
        this.route = route;
    }

    Lease lease() {
        return lease;
    }

    EndpointRoute route() {
        return route;
    }

    /** The attempt has less time than it would have without others to try; its response body has not. */
    void hurry(int readTimeoutMillis) {
        patientReadTimeoutMillis = readTimeoutMillis;
    }

    boolean isHurried() {
        return patientReadTimeoutMillis >= 0;
    }

    /** The read timeout of the response body; 0 = none. */
    int patientReadTimeoutMillis() {
        return patientReadTimeoutMillis;
    }

    /** Whether an answer is awaited. */
    boolean isRunning() {
        return !handedOver && !ended;
    }

    boolean isSent() {
        return sent;
    }

    boolean isElsewhere() {
        return elsewhere;
    }

    void requestStarts() {
        sent = true;
        open = true;
    }

    void redirectedTo(String host) {
        elsewhere |= !host.equals(route.host());
    }

    void sentBody(long bytes) {
        if (!elsewhere) {
            lease.transferred(bytes, 0);
        }
    }

    void receivedBody(long bytes) {
        open = false;
        if (!elsewhere) {
            lease.transferred(0, bytes);
        }
        if (handedOver && !lasting) {
            end();
        }
    }

    /** The response, its body or the connection under a WebSocket broke. */
    void broke(Outcome outcome) {
        open = false;
        if (!handedOver) {
            return;
        }
        if (outcome.isFailure() && !elsewhere) {
            lease.broken(outcome);
        }
        if (!lasting) {
            end();
        }
    }

    void cancelled() {
        if (handedOver) {
            end();
        }
    }

    /**
     * Gives the response to the caller; from here on the events end the attempt.
     *
     * @param owner lives as long as somebody could read the response
     */
    void handOver(Object owner, boolean outlivesBody) {
        if (!open) {
            end();
            return;
        }
        lasting = outlivesBody;
        cleanable = CLEANER.register(owner, lease::close);
        handedOver = true;
    }

    /** Gives the slot back; more calls do nothing. */
    void end() {
        ended = true;
        lease.close();
        Cleaner.Cleanable registered = cleanable;
        if (registered != null) {
            registered.clean();
        }
    }
}
