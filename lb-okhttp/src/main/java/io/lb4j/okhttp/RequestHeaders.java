package io.lb4j.okhttp;

import java.util.UUID;
import java.util.function.Supplier;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The headers that a service adds to its requests; none by default. Immutable; the endpoints see them, and
 * {@code response.request()} shows them.
 *
 * <pre>{@code
 * Service.of(orders).withRequestHeaders(RequestHeaders.none()
 *         .withXForwarded()
 *         .withRequestId("X-Request-Id")
 *         .withAttemptNumber("X-Attempt"))
 * }</pre>
 *
 * <p>OkHttp copies headers when it follows a redirect, also one to another host. A gateway that must not tell that host who its
 * clients are hands redirects on: {@code followRedirects(false)}.
 */
public final class RequestHeaders {
    private static final RequestHeaders NONE =
            new RequestHeaders(ForwardedHeaders.NONE, null, RequestHeaders::randomId, null);

    private final ForwardedHeaders forwarded;
    private final @Nullable String idHeader;
    private final Supplier<String> ids;
    private final @Nullable String attemptHeader;

    private RequestHeaders(
            ForwardedHeaders forwarded,
            @Nullable String idHeader,
            Supplier<String> ids,
            @Nullable String attemptHeader) {
        this.forwarded = forwarded;
        this.idHeader = idHeader;
        this.ids = ids;
        this.attemptHeader = attemptHeader;
    }

    private static String randomId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Returns no headers.
     *
     * @return none
     */
    public static RequestHeaders none() {
        return NONE;
    }

    /**
     * Returns these, with {@code Forwarded} (RFC 7239) on requests that are tagged with an {@link InboundRequest}: for whom
     * they are made, by which scheme and for which host. It is added to what the request has of it; lines in which a quote is
     * left open are dropped.
     *
     * @return a copy
     */
    public RequestHeaders withForwarded() {
        return with(new ForwardedHeaders(true, forwarded.legacy(), forwarded.by(), forwarded.replaced()));
    }

    /**
     * Returns these, with {@code Forwarded} as {@link #withForwarded()} has it, naming also who says so.
     *
     * @param gateway an IP address, or a name that begins with an underscore, for instance {@code _gateway-1}
     * @return a copy
     */
    public RequestHeaders withForwardedBy(String gateway) {
        ForwardedNode by = ForwardedNode.parse(Checks.notNull("gateway", gateway));
        return with(new ForwardedHeaders(true, forwarded.legacy(), by, forwarded.replaced()));
    }

    /**
     * Returns these, with {@code X-Forwarded-For}, {@code X-Forwarded-Proto} and {@code X-Forwarded-Host} on requests that are
     * tagged with an {@link InboundRequest}. The address is added to the list that the request has, {@code unknown} for one that
     * is hidden; the other two are set unless the request has them.
     *
     * @return a copy
     */
    public RequestHeaders withXForwarded() {
        return with(new ForwardedHeaders(forwarded.standard(), true, forwarded.by(), forwarded.replaced()));
    }

    /**
     * Returns these without what requests have of {@code Forwarded} and {@code X-Forwarded-...}: right for the first gateway,
     * because there it is the client's own word.
     *
     * @return a copy
     */
    public RequestHeaders replacingForwarded() {
        return with(new ForwardedHeaders(forwarded.standard(), forwarded.legacy(), forwarded.by(), true));
    }

    private RequestHeaders with(ForwardedHeaders changed) {
        return new RequestHeaders(changed, idHeader, ids, attemptHeader);
    }

    /**
     * Returns these, with a random UUID on requests that have no id; all attempts of a call have the same, those of its hedges too.
     *
     * @param header the name, for instance {@code X-Request-Id}
     * @return a copy
     */
    public RequestHeaders withRequestId(String header) {
        return withRequestId(header, RequestHeaders::randomId);
    }

    /**
     * Returns these, with an id on requests that have none; all attempts of a call have the same, those of its hedges too.
     *
     * @param header the name, for instance {@code X-Request-Id}
     * @param generator gives a new id; thread-safe, does not block. If it throws, or gives what no header can hold, the call fails
     * @return a copy
     */
    public RequestHeaders withRequestId(String header, Supplier<String> generator) {
        Checks.headerName("header of the request id", header);
        return new RequestHeaders(forwarded, header, Checks.notNull("generator", generator), attemptHeader);
    }

    /**
     * Returns these, with the number of the attempt: 1 for the first, 2 for a retry or a hedge. A number that the request has
     * already is replaced.
     *
     * @param header the name, for instance {@code X-Attempt}, or as Envoy {@code x-envoy-attempt-count}
     * @return a copy
     */
    public RequestHeaders withAttemptNumber(String header) {
        return new RequestHeaders(forwarded, idHeader, ids, Checks.headerName("header of the attempt number", header));
    }

    /** The request with the headers that are the same for all attempts of its call. */
    Request onto(Request request, BalancedCall call) {
        if (forwarded.equals(ForwardedHeaders.NONE) && idHeader == null) {
            return request;
        }
        Request.Builder builder = request.newBuilder();
        forwarded.addTo(builder, request);
        if (idHeader != null && isMissing(request.header(idHeader))) {
            builder.header(idHeader, call.requestId(ids));
        }
        return builder.build();
    }

    private static boolean isMissing(@Nullable String value) {
        return value == null || value.isBlank();
    }

    /** The request of one attempt. */
    Request numbered(Request request, int attempt) {
        return attemptHeader == null
                ? request
                : request.newBuilder()
                        .header(attemptHeader, Integer.toString(attempt))
                        .build();
    }
}
