package io.lb4j.okhttp;

import io.lb4j.Lease;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The endpoint of a hedge, taken before the call that goes there is made; found in that call's tags. Thread-safe. */
final class HedgeTicket {
    private final RunningService service;
    private final HttpRequestContext context;
    /** Null once it is in use. */
    private final AtomicReference<@Nullable Lease> lease;

    HedgeTicket(RunningService service, HttpRequestContext context, Lease lease) {
        this.service = service;
        this.context = context;
        this.lease = new AtomicReference<>(lease);
    }

    HttpRequestContext context() {
        return context;
    }

    /** Null if it was taken before, or the call has come to another service than the one that is hedged. */
    @Nullable
    Lease take(RunningService taker) {
        return taker == service ? lease.getAndSet(null) : null;
    }

    /** Gives the endpoint back if the call has not got there. */
    void discard() {
        Lease unused = lease.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
    }
}
