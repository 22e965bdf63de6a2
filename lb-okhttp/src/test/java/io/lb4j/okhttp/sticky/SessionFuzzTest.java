package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lb4j.Node;
import io.lb4j.NodeSet;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class SessionFuzzTest {
    private static final RouteCookie ROUTE = RouteCookie.of("SID|sid");
    private static final LoadBalancerCookie OPAQUE = LoadBalancerCookie.builder("SID")
            .opaque("a key of thirty-two random bytes".getBytes(StandardCharsets.UTF_8))
            .build();
    private static final NodeSet NODES = Calls.nodes("a", "b", "n.3");
    /** What gets the fuzzer past the first comparison. */
    private static final String[] PIECES = {
        "SID", "sid", "=", ";", ".", "a", "b", "n.3", "%2E", "%3D", "\"", "/", "&", "?", " "
    };

    private static String text(FuzzedDataProvider data) {
        StringBuilder text = new StringBuilder();
        for (int i = data.consumeInt(0, 24); i > 0; i--) {
            text.append(data.consumeBoolean() ? PIECES[data.consumeInt(0, PIECES.length - 1)] : visible(data));
        }
        return text.toString();
    }

    private static String visible(FuzzedDataProvider data) {
        return String.valueOf((char) data.consumeInt(' ', '~'));
    }

    private static Request request(String path, String cookie) {
        HttpUrl url = HttpUrl.parse("http://orders/" + path);
        return Calls.request("/", cookie)
                .newBuilder()
                .url(url == null ? HttpUrl.get("http://orders/") : url)
                .build();
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void aRouteIsFoundOnlyWhereItIsWritten(FuzzedDataProvider data) {
        Request request = request(text(data), text(data));
        String route = Calls.session(ROUTE, request);
        Node node = route == null ? null : ROUTE.lookup(route, NODES, 0);
        if (node != null) {
            String written = (request.url() + " " + request.header("Cookie")).replace("%2E", ".");
            assertTrue(written.contains("." + route) || decoded(written).contains("." + route), written);
        }
    }

    private static String decoded(String text) {
        HttpUrl url = HttpUrl.parse("http://orders/?" + text.replace('#', ' '));
        return url == null ? text : url.pathSegments() + " " + url.query();
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void aForgedCodeIsNoSession(FuzzedDataProvider data) {
        String forged = Calls.session(OPAQUE, request("", "SID=" + text(data)));
        assertNull(forged == null ? null : OPAQUE.lookup(forged, NODES, 0), forged);
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void noForwardedHeaderReachesBehindTheTrustedHops(FuzzedDataProvider data) {
        String said = text(data) + ", for=203.0.113.9, for=10.0.0.1";
        Request request = new Request.Builder()
                .url("http://orders/")
                .header("Forwarded", said)
                .header("X-Forwarded-For", said.replace("for=", ""))
                .build();
        assertEquals("203.0.113.9", SessionKeys.forwarded(2).apply(request), said);
        assertEquals("203.0.113.9", SessionKeys.xForwardedFor(2).apply(request), said);
        @Nullable String client = SessionKeys.forwarded(3).apply(request);
        assertTrue(client == null || !client.isEmpty());
    }
}
