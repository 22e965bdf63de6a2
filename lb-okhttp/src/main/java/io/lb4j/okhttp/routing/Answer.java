package io.lb4j.okhttp.routing;

import io.lb4j.okhttp.RoutingDecision;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** Answers a request without a server. */
final class Answer extends Action {
    private final int status;
    private final @Nullable MediaType mediaType;
    private final String body;
    /** Where to redirect; null = nowhere. */
    private final @Nullable Location location;

    /** The value of the header of that name. */
    @FunctionalInterface
    interface Location {
        String of(RoutingContext call);
    }

    Answer(int status, @Nullable MediaType mediaType, String body, @Nullable Location location) {
        this.status = status;
        this.mediaType = mediaType;
        this.body = body;
        this.location = location;
    }

    @Override
    RoutingDecision decide(RoutingContext call, String rule) {
        Response.Builder response = new Response.Builder()
                .request(call.request())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .body(ResponseBody.create(body, mediaType));
        if (mediaType != null) {
            response.header("Content-Type", mediaType.toString());
        }
        if (location != null) {
            response.header("Location", location.of(call));
        }
        return new RoutingDecision.Answer(rule, response.build());
    }

    @Override
    Set<String> services() {
        return Set.of();
    }
}
