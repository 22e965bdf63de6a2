package io.lb4j.okhttp;

import io.lb4j.Lease;
import io.lb4j.NoEndpointAvailableException;
import io.lb4j.NoEndpointAvailableException.Reason;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import okhttp3.Request;

/** Lets a call in and finds its first endpoint; waits for both if it has to. Confined to the call's thread. */
final class FirstEndpoint {
    private final RunningService service;
    private final Request request;
    private final CallState state;
    private final HttpRequestContext context;

    FirstEndpoint(RunningService service, Request request, CallState state, HttpRequestContext context) {
        this.service = service;
        this.request = request;
        this.state = state;
        this.context = context;
    }

    /** Lets the call in; returns how long it has to wait first. */
    long admit() throws IOException {
        try {
            return service.settings().admission().reserve(request);
        } catch (RuntimeException e) {
            throw new IOException(service.name() + ": the admission failed, " + e, e);
        }
    }

    /** Waits as the admission wants it, in the queue, and for the first list of endpoints. */
    Lease acquireAfter(long nanos) throws IOException {
        if (nanos > 0) {
            state.pause(nanos);
        }
        service.budget().deposit();
        EndpointOverride override = request.tag(EndpointOverride.class);
        return override == null ? acquireChosen() : acquireNamed(override);
    }

    private Lease acquireNamed(EndpointOverride override) throws IOException {
        try {
            return override.acquire(service.loadBalancer());
        } catch (RuntimeException e) {
            throw unavailable(service.name(), e);
        }
    }

    private Lease acquireChosen() throws IOException {
        CompletableFuture<Lease> future = service.loadBalancer().acquireAsync(context);
        try {
            if (!future.isDone()) {
                state.await(future);
            }
        } catch (IOException e) {
            if (!future.cancel(false) && !future.isCompletedExceptionally()) {
                future.join().close();
            }
            throw e;
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            throw unavailable(service.name(), e.getCause() == null ? e : e.getCause());
        }
    }

    static IOException unavailable(String name, Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        String message = said.startsWith(name) ? said : name + ": " + cause;
        return cause instanceof NoEndpointAvailableException none && none.reason() == Reason.RATE_LIMITED
                ? new RateLimitedException(message, cause)
                : new IOException(message, cause);
    }
}
