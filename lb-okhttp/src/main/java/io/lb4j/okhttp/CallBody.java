package io.lb4j.okhttp;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a request says, for decisions; it is copied when first asked for, and then sent as if nobody had looked. Confined
 * to the thread of the call.
 *
 * <p>A body that can be written once only, a duplex one and one that is too large stay unread.
 */
public final class CallBody {
    private final Request request;
    private final int mostBytes;
    private boolean copied;
    private @Nullable String text;
    private @Nullable Json json;

    private CallBody(Request request, int mostBytes) {
        this.request = request;
        this.mostBytes = mostBytes;
    }

    /**
     * Returns the body of a request.
     *
     * @param request the request
     * @param mostBytes a larger body stays unread; at least 0
     * @return the body
     */
    public static CallBody of(Request request, int mostBytes) {
        return new CallBody(
                Checks.notNull("request", request), Checks.range("mostBytes", mostBytes, 0, Integer.MAX_VALUE));
    }

    /**
     * Returns the body as text, in the charset of its media type, by default UTF-8.
     *
     * @return the text; null if there is no body or it stays unread
     */
    public @Nullable String text() {
        if (!copied) {
            copied = true;
            ByteString bytes = BodyCopy.of(request.body(), mostBytes);
            text = bytes == null ? null : bytes.string(charset(request.body()));
            json = text == null ? null : parsed(text);
        }
        return text;
    }

    /**
     * Returns a value in a JSON body.
     *
     * @param pointer a JSON Pointer (RFC 6901), for instance {@code /customer/tier}
     * @return a string as it is, a number, {@code true}, {@code false} or {@code null} as it is spelled; null if the body is not
     *     JSON, stays unread, or has no such value there
     */
    public @Nullable String json(String pointer) {
        Checks.notNull("pointer", pointer);
        Json value = text() == null ? null : json;
        for (int at = 0; value != null && at < pointer.length(); ) {
            int end = pointer.indexOf('/', at + 1);
            int until = end < 0 ? pointer.length() : end;
            value = member(value, pointer.substring(at + 1, until));
            at = until;
        }
        if (value instanceof Json.Text string) {
            return string.value();
        }
        return value instanceof Json.Literal literal ? literal.spelling() : null;
    }

    private static @Nullable Json member(Json value, String token) {
        if (value instanceof Json.Members members) {
            return members.values().get(token.replace("~1", "/").replace("~0", "~"));
        }
        boolean index = token.matches("0|[1-9][0-9]{0,8}");
        if (value instanceof Json.Items items && index) {
            int at = Integer.parseInt(token);
            return at < items.values().size() ? items.values().get(at) : null;
        }
        return null;
    }

    private static @Nullable Json parsed(String text) {
        try {
            return JsonReader.read(text);
        } catch (ParseException e) {
            return null;
        }
    }

    private static Charset charset(@Nullable RequestBody body) {
        MediaType type = body == null ? null : body.contentType();
        Charset charset = type == null ? null : type.charset(StandardCharsets.UTF_8);
        return charset == null ? StandardCharsets.UTF_8 : charset;
    }
}
